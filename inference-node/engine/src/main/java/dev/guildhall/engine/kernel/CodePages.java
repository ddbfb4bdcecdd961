package dev.guildhall.engine.kernel;

import dev.guildhall.engine.tensor.CodePage;
import dev.guildhall.engine.tensor.KeyValuePage;
import jdk.incubator.vector.FloatVector;

/** Turns one head of a page of bytes into floats, which cost less than the attention that reads them. */
final class CodePages {

    private static final int POSITIONS = KeyValuePage.POSITIONS;

    private CodePages() {}

    /** {@code out[element, position] = scale[group, position] · code[element, position]}. */
    static void unpackKeys(CodePage page, int head, float[] out) {
        int size = page.shape().keySize();
        int groups = CodePage.groups(size);
        for (int group = 0; group < groups; group++) {
            int from = group * CodePage.GROUP;
            int to = Math.min(size, from + CodePage.GROUP);
            for (int position = 0; position < POSITIONS; position += Lanes.COUNT) {
                FloatVector scale = FloatVector.fromArray(
                        Lanes.FLOATS, page.keyScales(), (head * groups + group) * POSITIONS + position);
                for (int element = from; element < to; element++) {
                    int at = element * POSITIONS + position;
                    Lanes.floats(page.keyCodes(), head * size * POSITIONS + at)
                            .mul(scale)
                            .intoArray(out, at);
                }
            }
        }
    }

    /** {@code out[position, element] = scale[position, group] · code[position, element]} for {@code count} positions. */
    static void unpackValues(CodePage page, int head, int count, float[] out) {
        int size = page.shape().valueSize();
        int groups = CodePage.groups(size);
        byte[] codes = page.valueCodes();
        for (int position = 0; position < count; position++) {
            int place = head * POSITIONS + position;
            for (int group = 0; group < groups; group++) {
                float scale = page.valueScales()[place * groups + group];
                int to = Math.min(size, (group + 1) * CodePage.GROUP);
                int element = group * CodePage.GROUP;
                for (; element + Lanes.COUNT <= to; element += Lanes.COUNT) {
                    Lanes.floats(codes, place * size + element).mul(scale).intoArray(out, position * size + element);
                }
                for (; element < to; element++) {
                    out[position * size + element] = scale * codes[place * size + element];
                }
            }
        }
    }
}
