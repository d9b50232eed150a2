/** What the options of the construct take and add, and what cdk-nag says of it; see `service.test.ts`. */
import './options.cases.ts';
import './templates.cases.ts';
import './nag.cases.ts';
