package io.ringfence.tools.input;

import io.ringfence.gateway.config.ConfigFault;
import java.util.Arrays;
import java.util.List;

/**
 * Where the columns of an order file stand, counted from 0.
 *
 * @param count how many the header names, those passed over included.
 */
record OrderColumns(int id, int timestamp, int price, int volume, int action, int direction, int count) {
    static OrderColumns of(String file, String header) {
        List<String> names =
                Arrays.stream(header.split(",", -1)).map(String::strip).toList();
        return new OrderColumns(
                index(file, names, "id"),
                index(file, names, "timestamp"),
                index(file, names, "price"),
                index(file, names, "volume"),
                index(file, names, "action"),
                index(file, names, "direction"),
                names.size());
    }

    private static int index(String file, List<String> names, String name) {
        int index = names.indexOf(name);
        if (index < 0) {
            throw new ConfigFault(
                    file, 1, "header", "must name the column " + name + ": \"" + String.join(",", names) + '"');
        }
        return index;
    }
}
