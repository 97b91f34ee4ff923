import { platformTime } from '../state/names.ts';
import type { Service, Version } from '../state/model.ts';

/** Opens the build part of a version's process log. */
export function logBuildStarted(version: Version): void {
  version.processLog.push(`-----------构建${version.name}-----------`);
  logStep(version, 'create_build_image', 'creating');
}

/** Opens the deploy part of a version's process log. */
export function logDeployStarted(service: Service, version: Version): void {
  version.processLog.push(`-----------服务${service.name}部署${version.name}-----------`);
  logStep(version, 'create_eks_virtual_service', 'creating');
  logStep(version, 'check_eks_virtual_service', 'process, 等待pod启动就绪...');
}

/** Adds one step line, such as `2025-12-11 13:17:46 check_build_image : succ`. */
export function logStep(version: Version, step: string, state: string): void {
  version.processLog.push(`${platformTime(new Date())} ${step} : ${state}`);
}

/** The process log as the API gives it: the steps, and what the version itself has written so far. */
export async function readProcessLog(version: Version): Promise<string[]> {
  const startup = version.instance === undefined ? version.startupLog : await version.instance.output();
  const lines = startup.split(/\r?\n/).filter((line) => line !== '');
  return lines.length === 0
    ? version.processLog
    : [...version.processLog, '-----------启动日志-----------', ...lines];
}
