import { describe, expect, it } from '@jest/globals';

import { ageRules } from '../../../src/lint/dockerfile/age.ts';
import { imageRules } from '../../../src/lint/dockerfile/images.ts';
import { lifetimesAsOf, runtimeLifetimes } from '../../../src/lint/dockerfile/lifetimes.ts';
import { systemLifetimes } from '../../../src/lint/dockerfile/system-lifetimes.ts';
import { checkDockerfileText } from '../../support/lint.ts';
import { pick } from '../../support/lint-pairs.ts';

const rule = pick([...imageRules, ...ageRules]);

const check = (id: string, text: string): string[] =>
  checkDockerfileText(rule(id), `${text}\n`).map((hit) => `${hit.at.line}: ${hit.message}`);

describe('CBR044, VOLUME', () => {
  it.each([
    ['FROM node:24\nVOLUME /data', ['2: Data in "/data" is lost with the instance.']],
    ['FROM node:24\nVOLUME ["/a", "/b"]', ['2: Data in "/a", "/b" is lost with the instance.']],
    ['FROM node:24 AS a\nVOLUME /a\nFROM a', ['2: Data in "/a" is lost with the instance.']],
    ['FROM node:24\nVOLUME /a\nFROM node:24', []],
    ['FROM node:24\nVOLUME', []],
    ['FROM node:24\nRUN mkdir /data # VOLUME', []],
  ])('%j', (text, expected) => {
    expect(check('CBR044', text)).toEqual(expected);
  });
});

describe('CBR045, --platform', () => {
  it.each([
    ['FROM --platform=linux/arm64 node:24', 'linux/arm64'],
    ['FROM --platform=linux/arm/v7 node:24', 'linux/arm/v7'],
    ['FROM --platform=arm64 node:24', 'arm64'],
    ['FROM --platform=linux/ARM64/v8 node:24', 'linux/ARM64/v8'],
    ['FROM --platform=windows/amd64 node:24', 'windows/amd64'],
    ['FROM --platform=linux/s390x node:24 AS a\nFROM a', 'linux/s390x'],
    ['ARG P=linux/arm64\nFROM --platform=$P node:24', 'linux/arm64'],
    ['ARG A=arm64\nFROM --platform=linux/${A} node:24', 'linux/arm64'],
  ])('%j is found', (text, platform) => {
    const line = text.startsWith('ARG') ? 2 : 1;
    expect(check('CBR045', text)).toEqual([`${line}: The image that runs is made for "${platform}".`]);
  });

  it.each([
    'FROM node:24',
    'FROM --platform=linux/amd64 node:24',
    'FROM --platform=linux/amd64/v2 node:24',
    'FROM --platform=amd64 node:24',
    'FROM --platform=linux/x86_64 node:24',
    'FROM --platform=$BUILDPLATFORM node:24',
    'FROM --platform=${TARGETPLATFORM} node:24',
    'ARG TARGETPLATFORM=linux/arm64\nFROM --platform=$TARGETPLATFORM node:24',
    'FROM --platform=$UNKNOWN node:24',
    'ARG P\nFROM --platform=$P node:24',
    'FROM --platform= node:24',
    'FROM --platform=linux/arm64 node:24 AS build\nFROM node:24\nCOPY --from=build /a /a',
  ])('%j is not', (text) => {
    expect(check('CBR045', text)).toEqual([]);
  });
});

describe('CBR046, architectures in names', () => {
  it.each([
    ['FROM arm64v8/node:24', 'arm64v8'],
    ['FROM docker.io/arm32v7/alpine', 'arm32v7'],
    ['FROM me/app:1.2-arm64', 'arm64'],
    ['FROM me/app:arm64', 'arm64'],
    ['FROM me/app:latest-aarch64@sha256:00', 'aarch64'],
    ['FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-arm64v8', 'arm64v8'],
    ['FROM registry.dev:5000/me/app:1-armv7 AS a\nFROM a', 'armv7'],
  ])('%j is found', (text, architecture) => {
    const base = /FROM (\S+)/.exec(text)?.[1] ?? '';
    expect(check('CBR046', text)).toEqual([
      `1: The image that runs is built on "${base}", which is for ${architecture}.`,
    ]);
  });

  it.each([
    'FROM node:24',
    'FROM amd64/node:24',
    'FROM me/arm64-tools:1',
    'FROM me/app:charm64',
    'FROM me/app:amd64-arm64',
    'FROM me/app:1-$ARCH',
    'FROM arm64v8/node:24 AS build\nFROM node:24',
    'FROM node:24 AS x-arm64\nFROM x-arm64',
  ])('%j is not', (text) => {
    expect(check('CBR046', text)).toEqual([]);
  });
});

describe('CBR047, repositories that nobody maintains', () => {
  it.each([
    ['FROM openjdk:8-jdk-alpine', ['1: The image "openjdk" is deprecated and gets no updates.']],
    ['FROM library/openjdk:21', ['1: The image "openjdk" is deprecated and gets no updates.']],
    ['FROM centos:7', ['1: The image "centos" is deprecated and gets no updates.']],
    ['FROM openjdk AS build\nFROM node:24', ['1: The image "openjdk" is deprecated and gets no updates.']],
    ['FROM eclipse-temurin:17-jre', []],
    ['FROM me/openjdk:17', []],
    ['FROM maven:3-openjdk-17', []],
    ['FROM node:24 AS openjdk\nFROM openjdk', []],
  ])('%j', (text, expected) => {
    expect(check('CBR047', text)).toEqual(expected);
  });
});

describe('CBR048, lines out of support', () => {
  it.each([
    ['node:18-alpine', 'node 18', '2025-04-30'],
    ['node:16-bullseye-slim', 'node 16', '2023-09-11'],
    ['node:20.11.1', 'node 20', '2026-04-30'],
    ['node:hydrogen-slim', 'node hydrogen', '2025-04-30'],
    ['docker.io/library/node:14', 'node 14', '2023-04-30'],
    ['mirror.dev/library/node:14', 'node 14', '2023-04-30'],
    ['node:12@sha256:00', 'node 12', '2022-04-30'],
    ['python:3.8-slim-buster', 'python 3.8', '2024-10-07'],
    ['python:3.10', 'python 3.10', '2026-10-31'],
    ['python:2.7', 'python 2', '2020-01-01'],
    ['golang:1.20.5-alpine', 'golang 1.20', '2024-02-06'],
    ['php:7.4-fpm', 'php 7.4', '2022-11-28'],
    ['ruby:3.1', 'ruby 3.1', '2025-03-26'],
    ['eclipse-temurin:16-jre', 'eclipse-temurin 16', '2021-09-30'],
    ['mcr.microsoft.com/dotnet/aspnet:6.0-alpine', 'dotnet 6.0', '2024-11-12'],
    ['mcr.microsoft.com/dotnet/core/sdk:3.1', 'dotnet 3.1', '2022-12-13'],
    ['debian:buster-slim', 'debian buster', '2024-06-30'],
    ['debian:10.13', 'debian 10', '2024-06-30'],
    ['ubuntu:18.04', 'ubuntu 18.04', '2023-05-31'],
    ['ubuntu:focal-20240530', 'ubuntu focal', '2025-05-31'],
    ['alpine:3.18.4', 'alpine 3.18', '2025-05-09'],
    ['node:24-bullseye', 'debian bullseye', '2026-08-31'],
    ['python:3.13-slim-buster', 'debian buster', '2024-06-30'],
    ['node:24-alpine3.18', 'alpine 3.18', '2025-05-09'],
    ['eclipse-temurin:21-jre-focal', 'ubuntu focal', '2025-05-31'],
    ['nginx:1-alpine3.17', 'alpine 3.17', '2024-11-22'],
  ])('%s: %s since %s', (image, line, ended) => {
    expect(check('CBR048', `FROM ${image} AS x`)).toEqual([`1: ${line} is out of support since ${ended}.`]);
  });

  it.each([
    'node:22-alpine',
    'node:24',
    'node:26-slim',
    'node:lts-alpine',
    'node:latest',
    'node',
    'node:alpine',
    'node:${VERSION}',
    'node:24-bookworm-slim',
    'node:24-alpine3.23',
    'me/node:18',
    'bitnami/node:18',
    'python:3.11-slim',
    'python:3',
    'python:3.1000',
    'golang:1.27',
    'golang:1',
    'golang:1.200',
    'php:8.4-fpm',
    'php:8',
    'ruby:3.4',
    'eclipse-temurin:8-jre',
    'mcr.microsoft.com/dotnet/aspnet:10.0',
    'me/dotnet/aspnet:6.0',
    'debian:bookworm-slim',
    'debian:stable',
    'ubuntu:24.04',
    'ubuntu:22.04',
    'alpine:3',
    'alpine:3.24',
    'nginx:1.18',
    'openjdk:8-jdk-alpine',
    'gcr.io/distroless/nodejs24-debian13',
    'scratch',
    'node:constructor',
    'node:__proto__',
  ])('%s is supported, or not known', (image) => {
    expect(check('CBR048', `FROM ${image} AS x`)).toEqual([]);
  });

  it('says it once for each FROM, at its line, with what to take instead', () => {
    const text = 'FROM node:18-buster AS build\nFROM build AS next\nARG V=3.8\nFROM python:3.8\n';
    const hits = checkDockerfileText(rule('CBR048'), text);
    expect(hits.map((hit) => [hit.at.line, hit.fix])).toEqual([
      [1, 'Use a line that is supported, such as node 24.'],
      [4, 'Use a line that is supported, such as "python:3.13".'],
    ]);
  });

  it.each([
    ['node:18-alpine', '"node:24-alpine"'],
    ['node:18@sha256:00', '"node:24"'],
    ['node:hydrogen-slim', '"node:24-slim"'],
    ['node:16-bullseye-slim', 'node 24'],
    ['mirror.dev:5000/library/node:14', '"mirror.dev:5000/library/node:24"'],
    ['python:3.8-slim', '"python:3.13-slim"'],
    ['python:3.8-slim-buster', 'python 3.13'],
    ['php:7.4-apache', '"php:8.4-apache"'],
    ['php:7.4-fpm-alpine', '"php:8.4-fpm-alpine"'],
    ['php:7.4-fpm-alpine3.16', 'php 8.4'],
    ['golang:1.20.5-alpine', '"golang:1.27-alpine"'],
    ['eclipse-temurin:20-jdk', '"eclipse-temurin:21-jdk"'],
    ['mcr.microsoft.com/dotnet/sdk:9.0', '"mcr.microsoft.com/dotnet/sdk:10.0"'],
    ['mcr.microsoft.com/dotnet/core/sdk:3.1', '"mcr.microsoft.com/dotnet/sdk:10.0"'],
    ['mcr.microsoft.com/dotnet/aspnet:6.0-jammy-chiseled', 'dotnet 10.0'],
    ['debian:buster-slim', '"debian:13-slim"'],
    ['alpine:3.18.4', '"alpine:3.24"'],
  ])('advises what comes next to %s: %s', (image, advised) => {
    const hits = checkDockerfileText(rule('CBR048'), `FROM ${image}\n`);
    expect(hits.map(({ fix }) => fix)).toEqual([`Use a line that is supported, such as ${advised}.`]);
  });

  it('takes the value of an ARG before FROM', () => {
    expect(check('CBR048', 'ARG V=18\nFROM node:${V}-alpine')).toEqual([
      '2: node 18 is out of support since 2025-04-30.',
    ]);
  });
});

describe('the table of lifetimes', () => {
  const all = [...runtimeLifetimes, ...systemLifetimes];

  it.each(all)('of %s holds days up to its month, and a tag that it does not name', (product, known) => {
    const days = Object.values(known.ended);
    expect(days.filter((day) => !/^20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(day))).toEqual([]);
    expect(days.filter((day) => day.slice(0, 7) > lifetimesAsOf)).toEqual([]);
    expect(known.supported).toContain(product);
    expect(check('CBR048', `FROM ${known.supported}`)).toEqual([]);
  });
});
