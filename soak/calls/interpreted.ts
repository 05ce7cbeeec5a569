/** Loaded into a gateway's processes before anything else: keeps V8 from compiling functions.
 *
 * V8 compiles a function anew after some 400 and some 3,000 runs, and that code is part of the used
 * heap: 1 MB that has nothing to do with what calls leave, and is not all there after a warm-up.
 */
import { setFlagsFromString } from 'node:v8';

for (const flag of ['--no-sparkplug', '--no-maglev', '--no-opt']) setFlagsFromString(flag);
