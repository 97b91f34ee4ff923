import { availableParallelism } from 'node:os';

import { benchDeploy } from './deploy.ts';
import { printTable } from './measure.ts';
import { benchStart } from './start.ts';

console.log(`Node.js ${process.versions.node} on ${availableParallelism()} cores; medians.`);
printTable('Start', await benchStart());
printTable('Deploy', await benchDeploy());
