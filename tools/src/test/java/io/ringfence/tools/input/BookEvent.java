package io.ringfence.tools.input;

import io.ringfence.schemas.Side;
import java.util.List;

/** One event, as tests write it down. */
record BookEvent(long orderId, long timestampMs, OrderEvent.Kind kind, Side side, long priceMicros, long volume) {
    static BookEvent created(long orderId, long priceMicros, long volume) {
        return new BookEvent(orderId, 0, OrderEvent.Kind.CREATED, Side.BUY, priceMicros, volume);
    }

    static BookEvent changed(long orderId, long priceMicros, long volume) {
        return new BookEvent(orderId, 10, OrderEvent.Kind.CHANGED, Side.BUY, priceMicros, volume);
    }

    static BookEvent deleted(long orderId, long priceMicros, long volume) {
        return new BookEvent(orderId, 20, OrderEvent.Kind.DELETED, Side.BUY, priceMicros, volume);
    }

    BookEvent at(long ms) {
        return new BookEvent(orderId, ms, kind, side, priceMicros, volume);
    }

    private OrderEvent as(OrderEvent event) {
        return event.set(orderId, timestampMs, kind, side, priceMicros, volume);
    }

    static OrderEvent.Source source(BookEvent... events) {
        return new Source(List.of(events));
    }

    private static final class Source implements OrderEvent.Source {
        private final OrderEvent event = new OrderEvent();
        private final List<BookEvent> events;
        private int position = -1;

        Source(List<BookEvent> events) {
            this.events = events;
        }

        @Override
        public boolean advance() {
            position++;
            return position < events.size();
        }

        @Override
        public OrderEvent event() {
            return events.get(position).as(event);
        }
    }
}
