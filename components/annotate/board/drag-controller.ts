import {
  AutoScroller,
  Cursor,
  DragDropManager,
  Draggable,
  Droppable,
  Feedback,
  PointerActivationConstraints,
  PointerSensor,
  PreventSelection,
} from '@dnd-kit/dom';
import { draggedResponse, isMarkable, laneAt, placeOfLane } from './board-places';
import type { Place } from './board-state';

// The board has its own keyboard and its own announcements, so dnd-kit's (which speak raw ids) stay out.
const sensors = [
  PointerSensor.configure({
    // While passages are marked, the text of a card is there to be selected.
    preventActivation: ({ target }) => isMarkable(target),
    // A finger that moves at once scrolls the page; one that rests takes the card.
    activationConstraints: (event) =>
      event.pointerType === 'touch'
        ? [new PointerActivationConstraints.Delay({ value: 220, tolerance: 8 })]
        : [new PointerActivationConstraints.Distance({ value: 5 })],
  }),
];
const plugins = [AutoScroller, Cursor, Feedback.configure({ dropAnimation: null }), PreventSelection];

/**
 * Dragging on a board that is there without it: cards are known by `data-drag`, lanes by `data-lane`. It says what it
 * does by attributes: `data-draggable` on the board, `data-dragging` while something is dragged, `data-drop` on the lane
 * under it.
 */
export class DragController {
  private readonly manager = new DragDropManager({ sensors, plugins });
  private readonly cards = new Map<string, Draggable>();
  private readonly lanes = new Map<string, Droppable>();
  private gone = false;

  constructor(
    private readonly board: HTMLElement,
    onDrop: (id: string, to: Place) => void,
  ) {
    const { monitor } = this.manager;
    monitor.addEventListener('dragstart', () => {
      board.dataset.dragging = '';
    });
    monitor.addEventListener('dragover', ({ operation }) => this.mark(operation.target?.id));
    monitor.addEventListener('dragend', ({ operation: { source, target }, nativeEvent, canceled }) => {
      this.mark(undefined);
      delete board.dataset.dragging;
      if (!source) return;
      // Where the pointer was let go counts: of a quick flick the library may have seen no more than its beginning.
      const released = nativeEvent?.type === 'pointerup' ? laneAt(nativeEvent as PointerEvent) : null;
      const lane = released ?? (canceled || !target ? null : String(target.id));
      const to = lane === null ? undefined : placeOfLane(lane);
      if (to !== undefined) onDrop(draggedResponse(String(source.id)), to);
    });
    this.sync();
    board.dataset.draggable = '';
  }

  /** The board was drawn: takes up what is new on it and lets go of what went. */
  sync(): void {
    if (this.gone) return;
    // A card that is in somebody's hand stays as it is.
    if (!this.manager.dragOperation.status.idle) {
      requestAnimationFrame(() => this.sync());
      return;
    }
    take(this.board, 'drag', this.cards, (id, element) => new Draggable({ id, element }, this.manager));
    take(this.board, 'lane', this.lanes, (id, element) => new Droppable({ id, element }, this.manager));
  }

  destroy(): void {
    this.gone = true;
    delete this.board.dataset.draggable;
    delete this.board.dataset.dragging;
    for (const entity of [...this.cards.values(), ...this.lanes.values()]) entity.destroy();
    this.manager.destroy();
  }

  private mark(lane: unknown): void {
    for (const [id, { element }] of this.lanes) element?.toggleAttribute('data-drop', id === lane);
  }
}

interface Entity {
  element: Element | undefined;
  destroy(): void;
}

function take<T extends Entity>(
  board: HTMLElement,
  name: 'drag' | 'lane',
  known: Map<string, T>,
  make: (id: string, element: Element) => T,
): void {
  const elements = new Map(
    [...board.querySelectorAll<HTMLElement>(`[data-${name}]`)].map((element) => [element.dataset[name]!, element]),
  );
  for (const [id, entity] of known) {
    if (elements.has(id)) continue;
    entity.destroy();
    known.delete(id);
  }
  for (const [id, element] of elements) {
    const entity = known.get(id);
    if (!entity) known.set(id, make(id, element));
    else if (entity.element !== element) entity.element = element;
  }
}
