/** The command line: `causeway start | check | doctor | call`. */
import { Command } from 'commander';
import { printCalls, printTrace } from './cli/call.ts';
import { checkConfiguration } from './cli/check.ts';
import { type Examination, examine } from './cli/doctor.ts';

const program = new Command('causeway').description('A gateway between WebRTC and SIP.');

program
  .command('start')
  .description('run the gateway in the foreground')
  .action(async () => {
    await import('./main.ts');
  });

program
  .command('check')
  .argument('[file]', 'configuration file; without it, the one CAUSEWAY_CONFIG names')
  .description('tell every mistake in a configuration with its line')
  .action((file?: string) => {
    process.exitCode = checkConfiguration(file);
  });

program
  .command('doctor')
  .description('examine this machine and the running gateway, and call its echo')
  .option('--no-call', 'place no call')
  .action(async (options: Examination) => {
    process.exitCode = await examine(options);
  });

const call = program.command('call').description('look at calls of the running gateway');

call
  .command('list')
  .description('calls that live or lived lately, newest first')
  .action(async () => {
    process.exitCode = await printCalls();
  });

call
  .command('show')
  .argument('<id>')
  .description('one call, its legs and their statistics')
  .action(async (id: string) => {
    process.exitCode = await printCalls(id);
  });

call
  .command('trace')
  .argument('<id>')
  .description('its SIP and API messages and media events, in order')
  .action(async (id: string) => {
    process.exitCode = await printTrace(id);
  });

await program.parseAsync();
