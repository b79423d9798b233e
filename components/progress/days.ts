/** Every day from the first to the last of these, with none left out. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let time = Date.parse(first); time <= Date.parse(last); time += 24 * 60 * 60 * 1000) {
    days.push(new Date(time).toISOString().slice(0, 10));
  }
  return days;
}

/** Numbers of people on days as a table: its columns are people, and each day is a row, also one without work. */
export function byDay(entries: readonly { day: string; annotatorId: string; judged: number }[]) {
  const people = [...new Set(entries.map(({ annotatorId }) => annotatorId))];
  const counts = new Map<string, Map<string, number>>();
  for (const { day, annotatorId, judged } of entries) {
    const own = counts.get(day) ?? new Map<string, number>();
    counts.set(day, own.set(annotatorId, judged));
  }
  const known = [...counts.keys()].sort();
  const days = known.length === 0 ? [] : daysBetween(known[0]!, known.at(-1)!);
  return {
    people,
    days: days.map((day) => {
      const byPerson = people.map((person) => counts.get(day)?.get(person) ?? 0);
      return { day, byPerson, total: byPerson.reduce((sum, count) => sum + count, 0) };
    }),
  };
}
