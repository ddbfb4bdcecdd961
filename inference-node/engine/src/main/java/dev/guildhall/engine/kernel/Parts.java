package dev.guildhall.engine.kernel;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/** Items of several parts, numbered one part after the other. */
final class Parts {

    private final int[] firstItems; // of each part, and where the last one's end

    Parts(int count, IntUnaryOperator sizes) {
        firstItems = new int[count + 1];
        for (int part = 0; part < count; part++) {
            firstItems[part + 1] = firstItems[part] + sizes.applyAsInt(part);
        }
    }

    /** Of all parts. */
    int items() {
        return firstItems[firstItems.length - 1];
    }

    int partOf(int item) {
        int place = Arrays.binarySearch(firstItems, item);
        if (place < 0) {
            return -place - 2;
        }
        // The first items of empty parts are those of the next one.
        while (firstItems[place + 1] == item) {
            place++;
        }
        return place;
    }

    int firstItem(int part) {
        return firstItems[part];
    }
}
