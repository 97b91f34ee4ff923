import { randomBytes, randomInt } from 'node:crypto';

const UIN = '100000000001';

/** A time as the API prints it: Asia/Shanghai, without a zone. */
export function platformTime(date: Date): string {
  return new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

/** The platform's number of an attempt: three digits, counted from 001. */
export function deployIdOf(attempt: number): string {
  return String(attempt).padStart(3, '0');
}

/** A RunId in the form seen on live deploy records. */
export function newRunId(): string {
  return `multi_tenant_${randomBytes(11).toString('base64url').replace(/[-_]/g, 'x').slice(0, 14)}`;
}

/** A ten-digit BuildId. */
export function newBuildId(): number {
  return randomInt(2_600_000_000, 2_699_999_999);
}

/** The address of an image that the platform built, in the form seen on live deploy records. */
export function builtImageUrl(serverName: string, versionName: string, date: Date): string {
  const stamp = platformTime(date).replace(/\D/g, '');
  return `ccr.ccs.tencentyun.com/tcb-${UIN}-emul/ca-emulator_${serverName}:${versionName}-${stamp}`;
}
