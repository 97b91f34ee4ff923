import type { Closing } from './closing.ts';

/** A connection that a process could not make before it ended. */
export interface RefusedConnection {
  /** `host:port` or the host alone; undefined where the log does not say. Never with user or password. */
  readonly address: string | undefined;
  /** True for a database, a cache or a queue: only the platform reaches the service's own. */
  readonly isDatabase: boolean;
}

/** The connection whose failure a process spoke of last; undefined where it spoke of none. */
export function findRefusedConnection({ lines, text }: Closing): RefusedConnection | undefined {
  const refusals = lines.filter(
    (line) => isRefusal(line) && !/falling back|continu\w+ without|disabl\w+/i.test(line),
  );
  if (refusals.length === 0) return undefined;
  const found = refusals
    .map((line) => ({ address: readAddress(line), isWeb: /HTTPS?Connection|\bhttps?:\/\//.test(line) }))
    .findLast(({ address }) => address !== undefined);
  const { host, port } = found?.address ?? {};
  const hasDriver = !(found?.isWeb ?? false) && !webPorts.has(port ?? 0) && isDriver(text);
  return {
    address: host === undefined ? undefined : renderAddress(host, port),
    isDatabase: (port !== undefined && ports.has(port)) || saysDatabase(host) || hasDriver,
  };
}

function isRefusal(line: string): boolean {
  return refusals.some((form) => form.test(line));
}

const refusals = [
  /\b(ECONNREFUSED|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\b/,
  /connection refused|connection timed out|connect call failed|no route to host|no such host|i\/o timeout/i,
  /name or service not known|temporary failure in name resolution|could not translate host name/i,
  /connection to \S+ refused|failed to connect to \S+:\d|failed: timeout expired|connect timed out/i,
  /UnknownHostException|ConnectException|Communications link failure|ServerSelectionTimeoutError|server selection (error|timeout)/,
  /can't connect to (local |server |\w+ )*(mysql|mariadb)|can't connect to server on|can't reach database server/i,
  /Error -?\d+ connecting to |unable to connect to any of the specified mysql hosts|SQLSTATE\[HY000\] \[200[25]\]/i,
  /not possible to connect to the redis server|PoolTimedOut|unable to connect to redis/i,
  /(could not|cannot|can't|unable to|failed to) connect to (the )?(database|db|mysql|mariadb|postgres\w*|mongo\w*|kafka|rabbitmq)\b/i,
];

interface Address {
  readonly host: string;
  readonly port: number | undefined;
}

const host = String.raw`(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_][\w.-]*)`;

/** The forms in which an address stands in a message, the sure ones first. */
const addressForms = [
  /(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN) ([0-9A-Fa-f:]*:[0-9A-Fa-f:.]*):(\d+)\b/,
  new RegExp(`(?:ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN) ${host}(?::(\\d+))?`),
  new RegExp(`dial (?:tcp|udp)[46]?:? lookup ${host}`),
  new RegExp(`dial (?:tcp|udp)[46]? ${host}:(\\d+)`),
  new RegExp(`connection to server at "${host}"(?: \\([^)]*\\))?, port (\\d+)`),
  new RegExp(`could not translate host name "${host}"`),
  new RegExp(`connect to (?:(?:local|mysql|mariadb) )*server (?:on|at|through) '${host}(?::(\\d+))?'`, 'i'),
  new RegExp(`Error -?\\d+ connecting to ${host}:(\\d+)`),
  new RegExp(`Connect call failed \\('${host}', (\\d+)`),
  new RegExp(`host='${host}', port='?(\\d+)`),
  new RegExp(`ServerSelectionTimeoutError: ${host}:(\\d+)`),
  new RegExp(`Addr: ${host}:(\\d+)`),
  new RegExp(`database server at \`?${host}\`?:\`?(\\d+)`),
  new RegExp(`Connection to ${host}:(\\d+) refused`),
  new RegExp(`(?:connect to|Connection refused \\()[^:]{0,30}?${host}(?:/[\\w.<>]*)?:(\\d+)`, 'i'),
  new RegExp(`UnknownHostException: ${host}(?::|$)`),
  new RegExp(`://${host}(?::(\\d+))?`),
  /(?:^|[\s'"(])(localhost|[\w-]+(?:\.[\w-]+)+):(\d{2,5})\b/,
];

/** Whatever stands before an `@` may be a password, and is taken out before anything is read. */
function readAddress(line: string): Address | undefined {
  const safe = line.replace(/[^\s"'`(]*@/g, '');
  for (const form of addressForms) {
    const [, name, port] = form.exec(safe) ?? [];
    if (name === undefined || !/[A-Za-z\d:]/.test(name)) continue;
    return {
      host: name.replace(/^\[|\]$/g, '').replace(/\.$/, ''),
      port: port === undefined ? undefined : Number(port),
    };
  }
  return undefined;
}

function renderAddress(name: string, port: number | undefined): string {
  const shown = name.includes(':') ? `[${name}]` : name;
  return port === undefined ? shown : `${shown}:${port}`;
}

/** SQL Server, Oracle, etcd, ZooKeeper, MySQL, Oracle, NATS, PostgreSQL, AMQP, CouchDB, Redis, Neo4j, ClickHouse, Cassandra, Kafka, Elasticsearch, Memcached, MongoDB … */
const ports: ReadonlySet<number> = new Set([
  1433, 1521, 2181, 2379, 3306, 3307, 33060, 4222, 5432, 5433, 5671, 5672, 5984, 6379, 6380, 6432, 7687, 8086,
  8123, 9000, 9042, 9092, 9093, 9200, 9300, 11211, 26379, 27017, 27018, 27019, 28015, 50000, 61613, 61616,
]);

/** What listens there speaks HTTP, whoever calls it. */
const webPorts: ReadonlySet<number> = new Set([80, 443, 3000, 8000, 8080, 8443]);

/** True for a host whose name has a word for a database, a cache or a queue. */
function saysDatabase(name: string | undefined): boolean {
  const words = (name ?? '').toLowerCase().split(/[^a-z]+/);
  return words.some(
    (word) =>
      /^(db|dbs|database|pg|rds|cdb|tdsql|cache|valkey|queue|mq|amqp|broker|nats|cassandra|clickhouse|etcd|zookeeper|oracle|couchdb)$/.test(
        word,
      ) ||
      /mysql|maria|postgres|pgsql|mssql|mongo|redis|rabbit|kafka|memcache|elastic|cynosdb|tencentcdb|influx|neo4j/.test(
        word,
      ),
  );
}

/** True where the driver of a database stands in the stack, or speaks itself. */
function isDriver(text: string): boolean {
  return drivers.some((form) => form.test(text));
}

const drivers = [
  /node_modules\/(@redis|@prisma|@elastic|@nestjs\/typeorm|pg|pg-pool|postgres|mysql2?|mariadb|ioredis|redis|mongodb|mongoose|sequelize|typeorm|knex|kafkajs|amqplib|tedious|mssql|oracledb|memjs|memcached|cassandra-driver|bullmq?)\//,
  /(site|dist)-packages\/(psycopg\w*|asyncpg|pymysql|MySQLdb|mysql|aiomysql|redis|aioredis|pymongo|motor|sqlalchemy|kafka|aiokafka|pika|kombu|celery|cassandra|pymssql|pyodbc|oracledb|cx_Oracle|pymemcache|peewee)\b/,
  /\b(psycopg\w*|asyncpg|pymysql|MySQLdb|_mysql_exceptions|mysql\.connector|redis\.exceptions|pymongo|sqlalchemy\.exc|django\.db|kombu\.exceptions|pika\.exceptions|peewee)\b/,
  /\b(Sequelize\w*Error|Mongo\w*Error|PrismaClient\w*Error|KafkaJS\w*|Redis\w*(Error|Exception)|PDOException|PSQLException|MySqlException|NpgsqlException|MongoSocketOpenException)\b/,
  /com\.mysql\.|org\.mariadb\.|org\.postgresql\.|HikariPool|com\.mongodb\.|io\.lettuce\.|redis\.clients\.jedis|org\.apache\.kafka|com\.rabbitmq|oracle\.jdbc|com\.microsoft\.sqlserver/,
  /Communications link failure|SQLSTATE\[|server selection (error|timeout)|failed to initialize database|\bpgx\b|\bpq: |\bgorm\b|\bsqlx\b|\bdiesel\b|lib\/pq|go-sql-driver|PoolTimedOut|redis server/,
  /can't connect to (local |\w+ )*(mysql|mariadb)|can't reach database server|specified mysql hosts|Error -?\d+ connecting to |connection to server at "/i,
  /(could not|cannot|can't|unable to|failed to) connect to (the )?(database|db|mysql|mariadb|postgres\w*|mongo\w*|redis|kafka|rabbitmq)\b/i,
];
