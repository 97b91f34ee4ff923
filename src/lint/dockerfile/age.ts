import { parseImage, type OfficialImage } from './image-name.ts';
import { runtimeLifetimes } from './lifetimes.ts';
import { npmExample, npmSteps } from './example.ts';
import { systemLifetimes } from './system-lifetimes.ts';
import { placeOf, type DockerfileSubject } from './tree.ts';
import type { Hit, Rule } from '../rule.ts';

/** Base images by the end of their support. */
export const ageRules: readonly Rule<DockerfileSubject>[] = [
  {
    id: 'CBR048',
    severity: 'warning',
    title: 'Base image out of support',
    why: 'A release line whose support has ended gets no security updates. The dates are those of a table that is part of the action; it tells nothing of lines that ended after it was made.',
    fix: 'Use a release line that is supported.',
    bad: npmExample(['FROM node:18-alpine', ...npmSteps]),
    good: npmExample(['FROM node:24-alpine', ...npmSteps]),
    check: (subject) =>
      subject.stages.flatMap((stage): Hit[] => {
        const image = parseImage(stage.base);
        const line = image === undefined ? undefined : (endedLine(image, stage.base) ?? endedSystem(image));
        if (line === undefined) return [];
        const { product, version, ended, fix } = line;
        const message = `${product} ${version} is out of support since ${ended}.`;
        return [{ message, fix, at: placeOf(subject, stage.from) }];
      }),
  },
];

const lifetimes = new Map([...runtimeLifetimes, ...systemLifetimes]);

interface EndedLine {
  readonly product: string;
  readonly version: string;
  readonly ended: string;
  readonly fix: string;
}

/** The line of the image's own product: `3.8` of the tag `3.8.10-slim-buster`. */
function endedLine({ product, tag }: OfficialImage, base: string): EndedLine | undefined {
  const name = product.startsWith('dotnet/') ? 'dotnet' : product;
  const known = lifetimes.get(name);
  if (known === undefined) return undefined;
  const [version = '', ...variant] = tag.split('-');
  const supported = /:([\d.]+)/.exec(known.supported)?.[1] ?? '';
  return findLine(name, version, lineFix(base, `${name} ${supported}`, variant.join('-')));
}

/** Variants that the supported lines have as well. */
const lastingVariant = /^(?:slim|apache|cli|fpm|zts|jre|jdk|(?:(?:cli|fpm|jre|jdk)-)?alpine)$/;

/** Names the same image on a supported line; the line alone where nobody knows whether it has that variant. */
function lineFix(base: string, line: string, variant: string): string {
  const repository = base
    .replace(/@.*$/, '')
    .replace(/:[\w.-]+$/, '')
    .replace('/dotnet/core/', '/dotnet/');
  const version = line.split(' ')[1] ?? '';
  const tag = variant === '' ? version : `${version}-${variant}`;
  const isKnown = variant === '' || lastingVariant.test(variant);
  return `Use a line that is supported, such as ${isKnown ? `"${repository}:${tag}"` : line}.`;
}

/** The system below it: `buster` of the tag `3.13-slim-buster`, `3.18` of `24-alpine3.18`. */
function endedSystem({ tag }: OfficialImage): EndedLine | undefined {
  for (const part of tag.split('-')) {
    const alpine = /^alpine(\d+\.\d+)$/.exec(part)?.[1];
    if (alpine !== undefined) return findLine('alpine', alpine, systemFix('alpine'));
    if (!/^[a-z]+$/.test(part)) continue;
    const found =
      findLine('debian', part, systemFix('debian')) ?? findLine('ubuntu', part, systemFix('ubuntu'));
    if (found !== undefined) return found;
  }
  return undefined;
}

function systemFix(product: string): string {
  const supported = (lifetimes.get(product)?.supported ?? '').replace(':', ' ').replace('-slim', '');
  return `Use a tag on a system that is supported, such as ${supported}.`;
}

function findLine(product: string, version: string, fix: string): EndedLine | undefined {
  const ended = lifetimes.get(product)?.ended ?? {};
  const parts = version.split('.');
  for (let count = parts.length; count > 0; count -= 1) {
    const line = parts.slice(0, count).join('.');
    const date = Object.hasOwn(ended, line) ? ended[line] : undefined;
    if (date !== undefined) return { product, version: line, ended: date, fix };
  }
  return undefined;
}
