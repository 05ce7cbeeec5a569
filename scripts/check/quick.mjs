/** The quick half of all checks, in two lanes for two cores: tools beside tests without addons. */
import { step } from '../console/steps.mjs';
import { runJest } from './jest.mjs';
import { staticParts } from './parts.mjs';
import { asOneTest, counted } from './results.mjs';

const PROJECTS = ['unit', 'sim'];

/** Runs them all, telling each as it ends, and resolves with their results. */
export async function runQuickChecks({ root, node }) {
  const results = [];
  const tools = async () => {
    for (const { name, run } of staticParts({ root, node })) {
      await tellStep(results, name, async () => asOneTest(name, await run()));
    }
  };
  const tests = () =>
    tellStep(results, 'unit, simulated', () =>
      runJest({
        root,
        node,
        name: 'quick',
        projects: PROJECTS,
        args: ['--maxWorkers=2', '--silent'],
      }),
    );
  await Promise.all([tools(), tests()]);
  return results;
}

/** One runner as one step; its result joins `results`, and its line says how it went. */
export function tellStep(results, title, work) {
  return step(title, async () => {
    const result = counted(await work());
    results.push(result);
    const counts = `${result.passed} passed, ${result.failed} failed`;
    const note = [counts, result.note].filter(Boolean).join(' · ');
    return { note, failed: result.failed > 0 };
  });
}
