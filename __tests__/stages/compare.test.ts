import { describe, expect, it } from '@jest/globals';

import type { Settings } from '../../src/service-config/schema.ts';
import { compare, type Plan } from '../../src/stages/compare.ts';
import {
  containerProject,
  functionProject,
  liveState,
  serviceConfig,
  serviceDetail,
} from '../support/samples.ts';

const opens = 'The service becomes public: anyone on the internet can call it.';

describe('the plan for a new service', () => {
  const plan = (settings: Settings): Plan =>
    compare(serviceConfig(settings), liveState(), containerProject());

  it('names every setting, and says that the service stays closed', () => {
    const { action, wanted, changes, notes } = plan({ EnvParams: { KEY: 'canary' } });
    expect([action, wanted]).toEqual([
      'create',
      { EnvParams: { KEY: 'canary' }, Port: 8080, Dockerfile: 'Dockerfile' },
    ]);
    expect(changes).toContainEqual({ setting: 'OpenAccessTypes', from: '(not set)', to: 'MINIAPP' });
    expect(changes).toContainEqual({ setting: 'EnvParams.KEY', from: '(not set)', to: '(a value)' });
    expect(JSON.stringify(changes)).not.toContain('canary');
    expect(notes).toEqual([
      'The new service is not public. To open it to the internet, set "OpenAccessTypes: [WEB]" in server-config.',
    ]);
  });

  it('says when the service becomes public, and nothing where the user chose', () => {
    expect(plan({ OpenAccessTypes: ['WEB'] }).notes).toEqual([opens]);
    expect(plan({ OpenAccessTypes: ['VPC'] }).notes).toEqual([]);
  });

  it('of a function has the port of the platform, and no Dockerfile', () => {
    expect(compare(serviceConfig(), liveState(), functionProject()).wanted).toEqual({ Port: 3000 });
  });
});

describe('the plan for a live service', () => {
  const plan = (settings: Settings, accessTypes: string[], live: object = {}): Plan => {
    const service = serviceDetail({ accessTypes, settings: { Cpu: 0.5, Mem: 1, Port: 8080, ...live } });
    return compare(serviceConfig(settings), liveState(service), containerProject());
  };

  it('holds what changes, and leaves access alone', () => {
    expect(plan({ Cpu: 1, Mem: 2 }, ['PUBLIC'])).toMatchObject({
      action: 'update',
      changes: [
        { setting: 'Cpu', from: '0.5', to: '1' },
        { setting: 'Mem', from: '1', to: '2' },
      ],
      notes: [],
    });
    expect(plan({}, ['PUBLIC']).changes).toEqual([]);
  });

  it('says when the service opens or closes', () => {
    expect(plan({ OpenAccessTypes: ['WEB'] }, ['VPC']).notes).toEqual([opens]);
    expect(plan({ OpenAccessTypes: ['PRIVATE'] }, ['PUBLIC']).notes).toEqual([
      'The service is no longer public.',
    ]);
    expect(plan({ OpenAccessTypes: ['WEB'] }, ['PUBLIC']).notes).toEqual([]);
    expect(plan({ OpenAccessTypes: ['OA'] }, ['VPC']).notes).toEqual([]);
  });

  it.each<[string, object, string, object]>([
    ['live', { Dockerfile: 'prod.Dockerfile' }, 'prod.Dockerfile', {}],
    ['live under the name that tools expect', { Dockerfile: 'Dockerfile' }, 'Dockerfile', {}],
    ['not known, and the one found is the default', {}, 'Dockerfile', {}],
    ['not known, and the one found is not the default', {}, 'dockerfile', { Dockerfile: 'dockerfile' }],
    ['another one', { Dockerfile: 'prod.Dockerfile' }, 'Dockerfile', {}],
    ['empty, and the one found is the default', { Dockerfile: '' }, 'Dockerfile', {}],
    ['empty', { Dockerfile: '' }, 'dockerfile', { Dockerfile: 'dockerfile' }],
  ])('says which Dockerfile only where it has to: %s', (...[, live, dockerfile, sent]) => {
    const service = serviceDetail({ settings: { Port: 8080, ...live } });
    const { wanted } = compare(serviceConfig(), liveState(service), containerProject({ dockerfile }));
    expect(wanted).toEqual({ Port: 8080, ...sent });
  });

  it('has the Dockerfile that the user set', () => {
    const { wanted, changes } = plan({ Dockerfile: 'other' }, [], { Dockerfile: 'Dockerfile' });
    expect(wanted).toEqual({ Port: 8080, Dockerfile: 'other' });
    expect(changes).toEqual([{ setting: 'Dockerfile', from: 'Dockerfile', to: 'other' }]);
  });
});
