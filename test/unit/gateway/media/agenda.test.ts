import { describe, expect, test } from '@jest/globals';
import { Agenda, Task } from '../../../../gateway/media/agenda.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

class Note extends Task {
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
  run(): void {}
}

function drain(agenda: Agenda, now: number): string[] {
  const names: string[] = [];
  for (let task = agenda.takeDue(now); task !== undefined; task = agenda.takeDue(now)) {
    names.push((task as Note).name);
  }
  return names;
}

describe('an agenda', () => {
  test('gives what is due, earliest first, and nothing that is not', () => {
    const agenda = new Agenda();
    agenda.plan(new Note('late'), 30);
    agenda.plan(new Note('early'), 10);
    agenda.plan(new Note('middle'), 20);
    expect(agenda.deadline()).toBe(10);
    expect(drain(agenda, 20)).toEqual(['early', 'middle']);
    expect(agenda.deadline()).toBe(30);
  });

  test('moves a task that is planned again', () => {
    const agenda = new Agenda();
    const [a, b] = [new Note('a'), new Note('b')];
    agenda.plan(a, 10);
    agenda.plan(b, 20);
    agenda.plan(a, 30);
    expect(agenda.size).toBe(2);
    expect(drain(agenda, 100)).toEqual(['b', 'a']);
  });

  test('lets what need not be punctual share an instant, never before it is due', () => {
    const agenda = new Agenda();
    agenda.planLoosely(new Note('a'), 1_001);
    agenda.planLoosely(new Note('b'), 1_049);
    expect(agenda.deadline()).toBe(1_050);
    expect(drain(agenda, 1_050)).toHaveLength(2);
  });

  test('forgets a task that is cancelled, also twice', () => {
    const agenda = new Agenda();
    const note = new Note('a');
    agenda.plan(note, 10);
    agenda.cancel(note);
    agenda.cancel(note);
    expect(agenda.size).toBe(0);
    expect(agenda.deadline()).toBeUndefined();
  });

  test('keeps order through a thousand random plans, moves and cancellations', () => {
    const random = new SeededRandom(1);
    const agenda = new Agenda();
    const notes = Array.from({ length: 200 }, (_, index) => new Note(`${index}`));
    const due = new Map<Note, number>();
    for (let i = 0; i < 1_000; i += 1) {
      const note = notes[Math.floor(random.next() * notes.length)]!;
      const at = Math.floor(random.next() * 1_000);
      if (random.next() < 0.3) {
        agenda.cancel(note);
        due.delete(note);
      } else {
        agenda.plan(note, at);
        due.set(note, at);
      }
    }
    expect(agenda.size).toBe(due.size);
    const taken: number[] = [];
    for (let task = agenda.takeDue(1_000); task !== undefined; task = agenda.takeDue(1_000)) {
      taken.push(due.get(task as Note)!);
    }
    expect(taken).toEqual([...due.values()].sort((a, b) => a - b));
  });
});
