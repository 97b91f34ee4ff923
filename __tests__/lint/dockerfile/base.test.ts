import { describe, expect, it } from '@jest/globals';

import {
  isDistroless,
  isOfficial,
  readBaseImage,
  type BaseImage,
} from '../../../src/lint/dockerfile/base.ts';
import { createDockerfileSubject } from '../../../src/lint/dockerfile/tree.ts';
import { sourceOf } from '../../support/lint.ts';

function read(text: string): BaseImage | undefined {
  const source = sourceOf({ mode: 'container', files: { Dockerfile: text } });
  return readBaseImage(createDockerfileSubject(source, { path: 'Dockerfile', buildFolder: '.' }, text));
}

describe('the image below a Dockerfile', () => {
  it.each([
    ['FROM node', 'docker.io', 'node', 'latest'],
    ['FROM Node:24-Slim', 'docker.io', 'node', '24-slim'],
    ['FROM library/node:24', 'docker.io', 'node', '24'],
    ['FROM index.docker.io/library/node', 'docker.io', 'node', 'latest'],
    ['FROM node:24@sha256:0123', 'docker.io', 'node', '24'],
    ['FROM localhost:5000/node:1', 'localhost:5000', 'node', '1'],
    ['FROM ghcr.io/a/b', 'ghcr.io', 'a/b', 'latest'],
    ['FROM a AS x\nFROM x AS y\nFROM y', 'docker.io', 'a', 'latest'],
    ['FROM a AS x\nFROM b', 'docker.io', 'b', 'latest'],
    ['ARG V=24\nFROM node:$V', 'docker.io', 'node', '24'],
  ])('is read from %j', (text, ...parts) => {
    const image = read(text);
    expect([image?.registry, image?.name, image?.tag]).toEqual(parts);
  });

  it.each(['', 'FROM', 'FROM $IMAGE', 'FROM node:$V'])('is not known in %j', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it.each([
    ['FROM node', true, false],
    ['FROM ghcr.io/node', false, false],
    ['FROM someone/node', false, false],
    ['FROM gcr.io/distroless/base:nonroot', false, true],
    ['FROM someone/distroless/base', false, false],
    ['FROM $IMAGE', false, false],
  ])('is known by its kind in %j', (text, official, distroless) => {
    expect(isOfficial(read(text), new Set(['node']))).toBe(official);
    expect(isDistroless(read(text))).toBe(distroless);
  });
});
