import { availableParallelism } from 'node:os';

import { benchConfig } from './config.ts';
import { benchDeploy } from './deploy.ts';
import { benchLint } from './lint.ts';
import { printTable } from './measure.ts';
import { benchPackage } from './package.ts';
import { benchStart } from './start.ts';
import { benchVerify } from './verify.ts';

console.log(`Node.js ${process.versions.node} on ${availableParallelism()} cores; medians.`);
printTable('Start', await benchStart());
printTable('Service config', await benchConfig());
printTable('Lint', await benchLint());
printTable('Package', await benchPackage());
printTable('Deploy', await benchDeploy());
printTable('Build and verify', await benchVerify());
