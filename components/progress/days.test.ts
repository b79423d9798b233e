import { describe, expect, it } from 'vitest';
import { byDay } from './days';

describe('judgements by day', () => {
  it('has a row for each day, also for one without work, and a column for each person', () => {
    const table = byDay([
      { day: '2026-02-27', annotatorId: 'ada', judged: 3 },
      { day: '2026-03-01', annotatorId: 'bob', judged: 2 },
      { day: '2026-03-01', annotatorId: 'ada', judged: 1 },
    ]);
    expect(table).toEqual({
      people: ['ada', 'bob'],
      days: [
        { day: '2026-02-27', byPerson: [3, 0], total: 3 },
        { day: '2026-02-28', byPerson: [0, 0], total: 0 },
        { day: '2026-03-01', byPerson: [1, 2], total: 3 },
      ],
    });
  });

  it('is empty where nobody judged', () => {
    expect(byDay([])).toEqual({ people: [], days: [] });
  });
});
