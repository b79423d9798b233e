/** Which of the two counts the message has to mention. */
export function whatIsNew(added: number, extended: number): 'both' | 'added' | 'extended' | 'nothing' {
  if (added > 0) return extended > 0 ? 'both' : 'added';
  return extended > 0 ? 'extended' : 'nothing';
}
