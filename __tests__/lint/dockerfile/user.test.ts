import { describe, expect, it } from '@jest/globals';

import type { DockerfileSubject } from '../../../src/lint/dockerfile/tree.ts';
import { userRules } from '../../../src/lint/dockerfile/user.ts';
import type { Rule } from '../../../src/lint/rule.ts';
import { checkDockerfile, checkDockerfileText, places } from '../../support/lint.ts';

const find = (text: string, port?: number): string[] =>
  userRules.flatMap((rule) =>
    checkDockerfileText(rule, text, port).map(
      ({ at, message }) => `${rule.id} ${at.line}:${at.column} ${message}`,
    ),
  );

describe.each(userRules.map((rule): [string, Rule<DockerfileSubject>] => [rule.id, rule]))(
  '%s',
  (id, rule) => {
    it('finds its bad example alone', () => {
      expect(places(checkDockerfile(rule, rule.bad))).toHaveLength(1);
      for (const other of userRules)
        expect({ id, hits: checkDockerfile(other, rule.good) }).toEqual({ id, hits: [] });
    });

    it.each([
      '',
      '\u0000',
      'FROM',
      'FROM node\nUSER',
      'FROM node\nUSER "',
      'FROM :\nUSER :',
      'FROM @\nUSER $',
      'USER a',
    ])('takes %j', (text) => {
      expect(() => checkDockerfileText(rule, text, 80)).not.toThrow();
    });
  },
);

describe('a low port', () => {
  it.each<[string, number | undefined, string]>([
    [
      'FROM node\nUSER node',
      80,
      '2:1 The service runs as "node", who may not listen on port 80 of CloudBase Run.',
    ],
    [
      'FROM a\nUSER 1000:0',
      443,
      '2:1 The service runs as "1000", who may not listen on port 443 of CloudBase Run.',
    ],
    [
      'FROM a\nUSER app:app\nEXPOSE 80',
      undefined,
      '2:1 The service runs as "app", who may not listen on port 80 of CloudBase Run.',
    ],
    [
      'FROM a\nARG WHO=app\nUSER $WHO',
      80,
      '3:1 The service runs as a user other than root, who may not listen on port 80 of CloudBase Run.',
    ],
    [
      'FROM a AS b\nUSER app\nFROM b',
      80,
      '2:1 The service runs as "app", who may not listen on port 80 of CloudBase Run.',
    ],
    [
      'FROM gcr.io/distroless/static:nonroot',
      80,
      '1:1 The service runs as "nonroot", who may not listen on port 80 of CloudBase Run.',
    ],
    [
      'FROM nginxinc/nginx-unprivileged',
      80,
      '1:1 The service runs as "nginx", who may not listen on port 80 of CloudBase Run.',
    ],
  ])('is found in %j with %s', (text, port, message) => {
    expect(find(text, port)).toEqual([`CBR020 ${message}`]);
  });

  it.each<[string, number | undefined]>([
    ['FROM node\nUSER node', 8080],
    ['FROM node\nUSER node', 1024],
    ['FROM node\nUSER node', undefined],
    ['FROM node\nUSER node\nEXPOSE 80 443', undefined],
    ['FROM node\nUSER node\nEXPOSE 80', 8080],
    ['FROM a\nUSER $WHO', 80],
    ['FROM a\nUSER ${WHO:-app}', 80],
    ['FROM a', 80],
    ['FROM bitnami/nginx', 80],
    ['FROM a AS b\nUSER app\nFROM c', 80],
    ['FROM a AS b\nRUN setcap cap_net_bind_service=+ep /x\nFROM c\nUSER app', 80],
    ['FROM a\nRUN apt-get install authbind\nUSER app', 80],
    ['FROM caddy\nUSER caddy', 80],
    ['FROM $IMAGE\nUSER app', 80],
    ['FROM a\nUSER app\nUSER other\nCMD ["sudo", "x"]', 80],
  ])('is not found in %j with %s', (text, port) => {
    expect(find(text, port)).toEqual([]);
  });
});

describe('a service that runs as root', () => {
  const silent = (image: string): string =>
    `The service runs as root, because no USER names another one than the image "${image}" has.`;
  const said = 'The service runs as root, because the last USER says so.';

  it.each([
    ['FROM node:24', `1:1 ${silent('node')}`],
    ['FROM docker.io/library/python:3.13 AS a\nFROM a', `2:1 ${silent('python')}`],
    ['FROM golang AS a\nUSER app\nFROM scratch', `3:1 ${silent('scratch')}`],
    ['FROM a\nUSER root', `2:1 ${said}`],
    ['FROM a\nUSER app\nRUN x\nUSER 0:0', `4:1 ${said}`],
    ['FROM gcr.io/distroless/static:nonroot\nUSER 0', `2:1 ${said}`],
  ])('is found in %j', (text, message) => {
    expect(find(text, 80)).toEqual([`CBR021 ${message}`]);
  });

  it.each([
    'FROM node\nUSER root\nRUN a\nUSER node',
    'FROM someone/node',
    'FROM nginx',
    'FROM php:8-apache',
    'FROM gcr.io/distroless/static:nonroot',
    'FROM gcr.io/distroless/static',
    'FROM $IMAGE',
    'FROM node\nUSER $WHO',
    'FROM node\nENTRYPOINT ["su-exec", "node", "node"]',
    'FROM node\nRUN apt-get install -y gosu\nENTRYPOINT ["/entrypoint.sh"]',
  ])('is not found in %j', (text) => {
    expect(find(text, 8080)).toEqual([]);
  });

  it.each<[string, number | undefined, string]>([
    ['FROM node', 8080, 'Write "USER node" before CMD.'],
    ['FROM node', 80, 'Write "USER node" before CMD; such a user needs a port from 1024 on.'],
    [
      'FROM python\nEXPOSE 80',
      undefined,
      'Create a user with RUN, and name it with USER before CMD; such a user needs a port from 1024 on.',
    ],
    ['FROM python', undefined, 'Create a user with RUN, and name it with USER before CMD.'],
  ])('is told what to do in %j with %s', (text, port, fix) => {
    const hits = userRules.flatMap((rule) => checkDockerfileText(rule, text, port));
    expect(hits.map((hit) => hit.fix)).toEqual([fix]);
  });
});
