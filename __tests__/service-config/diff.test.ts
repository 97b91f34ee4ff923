import { describe, expect, it } from '@jest/globals';

import { diffSettings } from '../../src/service-config/diff.ts';

const live = { Cpu: 0.5, OpenAccessTypes: ['VPC', 'PUBLIC'], EnvParams: '{"A":"live-a","B":"live-b"}' };

describe('what a release changes', () => {
  it('is every setting of a new service', () => {
    expect(diffSettings({ Cpu: 1, OpenAccessTypes: ['MINIAPP'], EnvParams: { A: 'x' } }, undefined)).toEqual([
      { setting: 'Cpu', from: '(not set)', to: '1' },
      { setting: 'OpenAccessTypes', from: '(not set)', to: 'MINIAPP' },
      { setting: 'EnvParams.A', from: '(not set)', to: '(a value)' },
    ]);
  });

  it('is only what differs', () => {
    expect(diffSettings({ Cpu: 0.5, OpenAccessTypes: ['PUBLIC', 'VPC'] }, live)).toEqual([]);
    expect(diffSettings({ Cpu: 1, InstallDependency: false }, live)).toEqual([
      { setting: 'Cpu', from: '0.5', to: '1' },
    ]);
  });

  it('names env vars, and never shows a value', () => {
    const changes = diffSettings({ EnvParams: { B: 'sent-b', C: 'sent-c', D: '' } }, live);
    expect(changes).toEqual([
      { setting: 'EnvParams.A', from: '(a value)', to: '(deleted)' },
      { setting: 'EnvParams.B', from: '(a value)', to: '(another value)' },
      { setting: 'EnvParams.C', from: '(not set)', to: '(a value)' },
      { setting: 'EnvParams.D', from: '(not set)', to: '(a value)' },
    ]);
    expect(JSON.stringify(changes)).not.toMatch(/live-|sent-/);
  });
});
