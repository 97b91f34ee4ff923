import { describe, expect, it } from '@jest/globals';

import { findDoubts, type Doubt } from '../../src/service-config/sanity.ts';

const settingsOf = (doubts: readonly Doubt[]): string[] => doubts.map(({ setting }) => setting);

describe('env vars that lead to a private network', () => {
  const leads = (key: string, value: string): boolean =>
    findDoubts('shop', { EnvParams: { [key]: value }, MinNum: 1 }).length > 0;

  it.each([
    ['DATABASE_URL', 'sh-cdb-1.example.com:3306'],
    ['SQLALCHEMY_DATABASE_URI', 'postgresql+psycopg2://u:p@db/shop'],
    ['DB_HOST', 'db'],
    ['DB_READ_HOST', 'db'],
    ['dbHost', 'db'],
    ['DBHost', 'db'],
    ['database-url', 'db'],
    ['MYSQL_ADDRESS', 'db:3306'],
    ['MYSQL_HOST_2', 'db'],
    ['MYSQL_HOST2', 'db'],
    ['PGHOST', 'db'],
    ['PG_1_ENDPOINT', 'db'],
    ['DB_HOSTNAME', 'db'],
    ['POSTGRES_SERVER', 'db'],
    ['SHOP_REDIS_CACHE_URL', 'cache'],
    ['MONGO_URI', 'mongo'],
    ['MONGODB_CONNECTION_STRING', 'mongo'],
    ['JDBC_URL', 'jdbc:mysql://db/shop'],
  ])('by the name: %s=%s', (key, value) => {
    expect(leads(key, value)).toBe(true);
  });

  it.each([
    ['STORE', 'mysql://u:p@db/shop'],
    ['STORE', 'postgres://db/shop'],
    ['STORE', 'POSTGRESQL://db/shop'],
    ['STORE', ' redis://cache:6379'],
    ['STORE', 'rediss://cache'],
    ['STORE', 'mongodb://a,b/shop'],
    ['STORE', 'mysql+pymysql://db/shop'],
    ['STORE', 'jdbc:sqlserver://db'],
    ['BACKEND', 'http://10.0.4.2/api'],
    ['BACKEND', 'https://user:word@192.168.1.9'],
    ['BACKEND', '172.16.0.9:9092'],
    ['BROKERS', 'kafka.example.com:9092,172.31.0.9:9092'],
    ['STORE', 'root:word@tcp(10.0.4.2:3306)/shop'],
    ['STORE', 'postgres://u:p@10.0.4.2/shop?application_name=localhost'],
    ['BACKEND_HOST', '10.0.4.2'],
    ['backendAddr', '10.0.4.2'],
    ['DB_ADMIN_URL', 'http://10.0.4.2'],
  ])('by the value: %s=%s', (key, value) => {
    expect(leads(key, value)).toBe(true);
  });

  it.each([
    ['DB_POOL_SIZE', '10'],
    ['DB_NAME', 'shop'],
    ['MYSQL_USER', 'root'],
    ['REDIS_PASSWORD', 'word'],
    ['REDIS_KEY_PREFIX', 'shop'],
    ['DATABASE_URL_CHECK', 'on'],
    ['MONGOLIA_URL', 'mn'],
    ['FEEDB_URL', 'feed'],
    ['PGP_SERVER', 'keys.example.com'],
    ['API_URL', 'api.example.com'],
  ])('not by the name: %s=%s', (key, value) => {
    expect(leads(key, value)).toBe(false);
  });

  it.each([
    ['DATABASE_URL', ''],
    ['DATABASE_URL', '  '],
    ['DB_SERVER', '2'],
    ['DB_HOST', 'true'],
    ['DB_HOST', 'localhost'],
    ['DB_HOST', '127.0.0.1'],
    ['DB_HOST', '0.0.0.0'],
    ['DATABASE_URL', 'postgres://u:p@localhost:5432/shop'],
    ['REDIS_URL', 'redis://[::1]:6379'],
    ['MYSQL_DSN', 'root:word@tcp(127.0.0.1:3306)/shop'],
    ['DB_CONNECTION_STRING', 'Server=localhost;Database=shop'],
    ['DATABASE_URL', 'sqlite:///shop.db'],
    ['DATABASE_URL', 'file:./shop.db'],
    ['DATABASE_URL', './shop.db'],
    ['JDBC_URL', 'jdbc:h2:mem:shop'],
    ['DB_HOST', '/var/run/mysqld.sock'],
    ['MONGO_URI', 'mongodb+srv://u:p@cluster0.example.net/shop'],
    ['UPSTASH_REDIS_REST_URL', 'https://eu1.example.io'],
    ['SDK_VERSION', '10.1.0.3'],
    ['TRUSTED_PROXIES', '10.0.0.0/8, 192.168.0.0/16'],
    ['PROXY_URL', 'http://10.0.4.2.example.com'],
    ['BACKEND', 'http://172.32.0.9'],
    ['BACKEND', 'http://110.0.4.2'],
    ['BACKEND', 'http://193.168.0.1:80'],
    ['BACKEND_HOST', '8.8.8.8'],
    ['LISTEN', '0.0.0.0:8080'],
    ['TEXT', 'see mysql://db'],
  ])('not by the value: %s=%s', (key, value) => {
    expect(leads(key, value)).toBe(false);
  });

  it('are named in one warning, without their values', () => {
    const EnvParams = { PORT: '80', DB_HOST: 'host-1', REDIS_URL: 'host-2' };
    expect(findDoubts('shop', { EnvParams })).toEqual([
      {
        setting: 'EnvParams.DB_HOST',
        message:
          'By its looks, the env vars "DB_HOST", "REDIS_URL" lead to a database or a private host, but without VpcConf ' +
          'the service reaches no private host. Set VpcConf with VpcId and SubnetId, unless the host is public.',
      },
    ]);
  });

  it.each([
    [1, 'the env var "DB_HOST_1" leads to'],
    [5, '"DB_HOST_4", "DB_HOST_5" lead to'],
    [6, '"DB_HOST_4", "DB_HOST_5" and 1 more lead to'],
    [9, '"DB_HOST_4", "DB_HOST_5" and 4 more lead to'],
  ])('are named up to five: %i', (count, text) => {
    const keys = Array.from({ length: count }, (_, index) => [`DB_HOST_${index + 1}`, 'host']);
    const [doubt] = findDoubts('shop', { EnvParams: Object.fromEntries(keys) as object });
    expect(doubt?.message).toContain(text);
  });

  it.each<[unknown, boolean]>([
    [{ VpcId: 'vpc-1', SubnetId: 'subnet-1' }, false],
    [{ VpcId: '', SubnetId: '' }, true],
    [{ VpcId: 7 }, true],
    [null, true],
    ['vpc-1', true],
    [['vpc-1'], true],
  ])('are right with a VPC: %j', (VpcConf, isDoubt) => {
    expect(findDoubts('shop', { EnvParams: { DB_HOST: 'db' }, VpcConf })).toHaveLength(isDoubt ? 1 : 0);
  });

  it('are read from the text of the live service too', () => {
    expect(settingsOf(findDoubts('shop', { EnvParams: '{"DB_HOST":"db"}' }))).toEqual(['EnvParams.DB_HOST']);
  });
});

describe('a public service', () => {
  const isDoubt = (name: string, key: string): boolean =>
    findDoubts(name, { OpenAccessTypes: ['VPC', 'PUBLIC'], EnvParams: { [key]: 'x' } }).length > 0;

  it.each([
    ['shop-admin', 'A'],
    ['admin', 'A'],
    ['Internal-tools', 'A'],
    ['shop_internal_api', 'A'],
    ['shopAdminApi', 'A'],
    ['APIAdmin2', 'A'],
    ['shop', 'ADMIN_TOKEN'],
    ['shop', 'X_INTERNAL'],
    ['shop', 'internalApiUrl'],
    ['shop', 'ADMIN2_TOKEN'],
  ])('for few by its name or its env vars: %s, %s', (name, key) => {
    expect(isDoubt(name, key)).toBe(true);
  });

  it.each([
    ['shop', 'NODE_ENV'],
    ['administration', 'A'],
    ['shop-administrator', 'A'],
    ['badminton', 'A'],
    ['internals', 'A'],
    ['international-shop', 'A'],
    ['shop', 'ADMINISTRATION_URL'],
    ['shop', 'INTERNALIZE'],
    ['shop', 'SYSADMIN'],
  ])('is no doubt: %s, %s', (name, key) => {
    expect(isDoubt(name, key)).toBe(false);
  });

  it('is judged by the names of env vars, not by their values', () => {
    const EnvParams = { NODE_ENV: 'internal', ROLE: 'admin' };
    expect(findDoubts('shop', { OpenAccessTypes: ['PUBLIC'], EnvParams })).toEqual([]);
  });

  it.each<[unknown, boolean]>([
    [['PUBLIC'], true],
    [['WEB'], true],
    [['VPC', null, 'PUBLIC'], true],
    [['VPC', 'MINIAPP', 'OA'], false],
    [['PRIVATE'], false],
    [[], false],
    [[['PUBLIC']], false],
    ['PUBLIC', false],
    [null, false],
    [undefined, false],
  ])('is one with the access %j: %s', (OpenAccessTypes, isPublic) => {
    expect(settingsOf(findDoubts('admin', { OpenAccessTypes }))).toEqual(isPublic ? ['OpenAccessTypes'] : []);
  });

  it('gets one warning, by its name before its env vars', () => {
    const settings = { OpenAccessTypes: ['PUBLIC'], EnvParams: { ADMIN_A: 'x', B: 'y', INTERNAL_C: 'z' } };
    const advice =
      'Set OpenAccessTypes to [PRIVATE] or [VPC], unless the service itself checks who calls it.';
    expect(findDoubts('shop-admin', settings)).toEqual([
      {
        setting: 'OpenAccessTypes',
        message: `The service is open to everyone, but the name "shop-admin" speaks of admin or internal use. ${advice}`,
      },
    ]);
    expect(findDoubts('shop', settings)).toEqual([
      {
        setting: 'OpenAccessTypes',
        message:
          'The service is open to everyone, but the env vars "ADMIN_A", "INTERNAL_C" speak of admin or internal use. ' +
          advice,
      },
    ]);
  });
});

describe('a cold start', () => {
  it.each<[unknown, unknown, boolean]>([
    [0, 11, true],
    [0, 10, false],
    [undefined, 60, true],
    [null, 60, true],
    ['', 60, true],
    ['0', ' 60 ', true],
    [1, 60, false],
    ['1', '60', false],
    [0, undefined, false],
    [0, null, false],
    [0, 'soon', false],
    [0, [60], false],
    ['none', 60, false],
    [{}, 60, false],
  ])('with MinNum %j and InitialDelaySeconds %j: %s', (MinNum, InitialDelaySeconds, isDoubt) => {
    expect(settingsOf(findDoubts('shop', { MinNum, InitialDelaySeconds }))).toEqual(
      isDoubt ? ['InitialDelaySeconds'] : [],
    );
  });

  it('is said with its seconds', () => {
    expect(findDoubts('shop', { InitialDelaySeconds: 30 }).map(({ message }) => message)).toEqual([
      'With MinNum 0, the first request after a pause waits for InitialDelaySeconds, 30 seconds and more. ' +
        'Set MinNum to 1, or InitialDelaySeconds to 10 or less.',
    ]);
  });
});

describe('instances', () => {
  it.each<[object, string[]]>([
    [{ MaxNum: 28 }, []],
    [{ MaxNum: 29 }, ['MaxNum']],
    [{ MaxNum: '50' }, ['MaxNum']],
    [{ MaxNum: 'many' }, []],
    [{ MaxNum: [50] }, []],
    [{ TimerScale: [{ ReplicaNum: 28 }] }, []],
    [{ TimerScale: [{ ReplicaNum: 1 }, { ReplicaNum: 29 }, { ReplicaNum: '40' }] }, ['TimerScale']],
    [{ MaxNum: 50, TimerScale: [{ ReplicaNum: 50 }] }, ['MaxNum', 'TimerScale']],
    [{ TimerScale: [null, 'x', [], { ReplicaNum: null }, { ReplicaNum: {} }] }, []],
    [{ TimerScale: 'daily' }, []],
    [{ TimerScale: { ReplicaNum: 50 } }, []],
    [{ TimerScale: null, MaxNum: null }, []],
  ])('of %j: %j', (settings, expected) => {
    expect(settingsOf(findDoubts('shop', { ...settings }))).toEqual(expected);
  });

  it('are said with their number and the limit', () => {
    const settings = { MaxNum: 40, TimerScale: [{ ReplicaNum: 30 }, { ReplicaNum: 35 }] };
    const limit =
      'but all services of an environment together run 28 instances at most. ' +
      'Use 28 or less, unless Tencent Cloud has granted you more.';
    expect(findDoubts('shop', settings).map(({ message }) => message)).toEqual([
      `MaxNum is 40, ${limit}`,
      `A ReplicaNum of TimerScale is 35, ${limit}`,
    ]);
  });
});

describe('settings of any shape', () => {
  it.each<unknown>([
    undefined,
    null,
    '',
    'DB_HOST=db',
    '[]',
    '{"A":null,"B":{"DB_HOST":"x"}}',
    1,
    [],
    ['redis://db'],
    { DB_HOST: null },
    { DB_HOST: undefined },
    { DB_HOST: ['db'] },
    { DB_HOST: { host: 'db' } },
  ])('raise no doubt where the env vars are %j', (EnvParams) => {
    expect(findDoubts('shop', { EnvParams, OpenAccessTypes: ['PUBLIC'] })).toEqual([]);
  });

  it('may have env vars of strange names', () => {
    const EnvParams = JSON.parse('{"__proto__":"x","constructor":"y","":"z","管理":"w"}') as object;
    expect(findDoubts('', { EnvParams, OpenAccessTypes: ['PUBLIC'] })).toEqual([]);
    const [doubt] = findDoubts('shop', { EnvParams: { 'DB_HOST\n::x': 'redis://db' } });
    expect(doubt?.message).toContain('the env var "DB_HOST\\n::x" leads');
  });

  it('raise all doubts together, in the order of the checks', () => {
    const settings = {
      EnvParams: { DB_HOST: 'db' },
      OpenAccessTypes: ['PUBLIC'],
      InitialDelaySeconds: 30,
      MaxNum: 50,
    };
    expect(settingsOf(findDoubts('admin', settings))).toEqual([
      'EnvParams.DB_HOST',
      'OpenAccessTypes',
      'InitialDelaySeconds',
      'MaxNum',
    ]);
  });
});
