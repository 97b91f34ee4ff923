import { finishGray, goBack } from '../release/gray.ts';
import { startRollback } from '../release/rollback.ts';
import { openGray, refuseWhileBusy } from '../release/start.ts';
import { findService, requireService, type Cloud } from '../state/cloud.ts';
import { latestTask, type Service, type Task } from '../state/model.ts';
import { ApiError, type Answer } from './envelope.ts';
import { integer, requiredText, type Params } from './params.ts';
import { viewTask } from './views.ts';

/** tcbr `DescribeServerManageTask`: TaskId 0 is the newest; an unknown one answers a zero-valued task. */
export function describeServerManageTask(cloud: Cloud, params: Params): Answer {
  const service = findService(cloud, params);
  const id = integer(params, 'TaskId', 0);
  const task = id === 0 ? service && latestTask(service) : service?.tasks.find((each) => each.id === id);
  return { IsExist: task !== undefined, Task: viewTask(cloud, task && service, task) };
}

/** tcbr `OperateServerManage`: cancels a release under way, or ends a canary by going back or by finishing it. */
export async function operateServerManage(cloud: Cloud, params: Params): Promise<Answer> {
  const service = requireService(cloud, params);
  const id = integer(params, 'TaskId', 0);
  const task = service.tasks.find((each) => each.id === id);
  if (task === undefined) throw new ApiError('InvalidParameter', '任务不存在');
  await operate(service, task, requiredText(params, 'OperateType'));
  return {};
}

/** tcbr `SubmitServerRollback`: the target must be older than the current version, and good. */
export function submitServerRollback(cloud: Cloud, params: Params): Answer {
  const service = requireService(cloud, params);
  refuseWhileBusy(cloud, service);
  const current = requiredText(params, 'CurrentVersionName');
  const target = requiredText(params, 'RollbackVersionName');
  const names = service.versions.map((version) => version.name);
  const version = service.versions.find((each) => each.name === target);
  if (version === undefined || !names.includes(current))
    throw new ApiError('ResourceNotFound.VersionNotFound', '版本不存在');
  if (names.indexOf(target) >= names.indexOf(current)) {
    throw new ApiError('InvalidParameter', `当前版本 ${current} 落后于回滚版本 ${target}`);
  }
  if (version.status !== 'normal')
    throw new ApiError('InvalidParameter', `版本 ${target} 状态异常，不能回滚`);
  return { TaskId: startRollback(cloud, service, version).id };
}

async function operate(service: Service, task: Task, type: string): Promise<void> {
  const gray = openGray(service);
  if (type === 'cancel' && task === gray) return goBack(service, task);
  if (type === 'cancel' && task.status === 'running') {
    task.controller.abort();
    return;
  }
  if (type === 'go_back' && task === gray) return goBack(service, task);
  if (type === 'done' && task === gray) return finishGray(service, task);
  throw new ApiError('InvalidParameter', `The task does not allow the operation "${type}" now.`);
}
