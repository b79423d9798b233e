type Underscored<Name extends string> = Name extends `${infer Left}.${infer Right}` ? `${Left}_${Right}` : Name;

/** The key of an event's name: a dot would be a level of the messages. */
export const eventKey = <Name extends string>(event: Name) => event.replace('.', '_') as Underscored<Name>;
