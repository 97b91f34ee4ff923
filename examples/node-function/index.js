'use strict';

/** Answers every request; `GREETING` is set in cloudbase-run.yml. */
exports.main = (event, context) => ({
  message: `${process.env.GREETING ?? 'Hello'} from a CloudBase Run function`,
  path: new URL(context.httpContext.url).pathname,
});
