package dev.guildhall.inference.embedding;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * BAAI's bge-small-en-v1.5, int8, out of the class path: the text's [CLS] state, scaled to length 1.
 *
 * <p>Files and native libraries come from jars; nothing is fetched.
 */
final class BgeSmallEmbedder implements Embedder {

    static final String NAME = "bge-small-en-v1.5";
    static final int DIMENSION = 384;

    /** Window of the model, [CLS] and [SEP] included. */
    static final int TOKENS_MAX = 512;

    private static final String MODEL = "/bge-small-en-v1.5-q.onnx";
    private static final String TOKENIZER = "/bge-small-en-v1.5-q-tokenizer.json";

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final HuggingFaceTokenizer tokenizer;

    private BgeSmallEmbedder(OrtSession session, HuggingFaceTokenizer tokenizer) {
        this.session = session;
        this.tokenizer = tokenizer;
    }

    static BgeSmallEmbedder load(EmbeddingSettings settings) {
        useBundledTokenizer(settings);
        try (InputStream model = resource(MODEL);
                InputStream tokenizer = resource(TOKENIZER);
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(
                    Math.min(settings.threads(), Runtime.getRuntime().availableProcessors()));
            options.setInterOpNumThreads(1);
            // Idle threads would burn the cores that the language model computes on.
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            OrtSession session = OrtEnvironment.getEnvironment().createSession(model.readAllBytes(), options);
            return new BgeSmallEmbedder(
                    session,
                    HuggingFaceTokenizer.newInstance(tokenizer, Map.of("truncation", "false", "padding", "false")));
        } catch (OrtException fault) {
            throw new IllegalStateException("%s cannot be loaded by ONNX Runtime".formatted(NAME), fault);
        } catch (IOException fault) {
            throw new UncheckedIOException(fault);
        }
    }

    /** Keeps the tokenizer's loader from the network, and from directories that others may write to. */
    private static void useBundledTokenizer(EmbeddingSettings settings) {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("RUST_FLAVOR", "cpu");
        System.setProperty("DJL_CACHE_DIR", settings.nativeDirectory().toString());
    }

    private static InputStream resource(String name) throws IOException {
        InputStream resource = BgeSmallEmbedder.class.getResourceAsStream(name);
        if (resource == null) {
            throw new IOException("%s is not on the class path".formatted(name));
        }
        return resource;
    }

    @Override
    public int dimension() {
        return DIMENSION;
    }

    @Override
    public boolean shortens() {
        return false;
    }

    /** What helps a question to find passages is one fixed sentence, which is the caller's to add. */
    @Override
    public boolean isInstructed() {
        return false;
    }

    @Override
    public int tokensMax() {
        return TOKENS_MAX;
    }

    /** [CLS] first and [SEP] last. */
    @Override
    public int[] tokens(String text) {
        return Arrays.stream(tokenizer.encode(text).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    @Override
    public int[] tokens(String instruction, String text) {
        throw new IllegalArgumentException("%s takes no instruction".formatted(NAME));
    }

    @Override
    public float[] embed(int[] tokens, int dimensions) {
        if (tokens.length > TOKENS_MAX || dimensions != DIMENSION) {
            throw new IllegalArgumentException("%d tokens and %d dimensions; at most %d and exactly %d are possible"
                    .formatted(tokens.length, dimensions, TOKENS_MAX, DIMENSION));
        }
        long[] shape = {1, tokens.length};
        long[] ones = new long[tokens.length];
        Arrays.fill(ones, 1);
        try (OnnxTensor ids = OnnxTensor.createTensor(
                        environment,
                        LongBuffer.wrap(Arrays.stream(tokens).asLongStream().toArray()),
                        shape);
                OnnxTensor mask = OnnxTensor.createTensor(environment, LongBuffer.wrap(ones), shape);
                OnnxTensor types =
                        OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[tokens.length]), shape);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
            // last_hidden_state [1, tokens, 384], row-major: the first row is [CLS].
            float[] first = new float[DIMENSION];
            ((OnnxTensor) result.get(0)).getFloatBuffer().get(0, first);
            return normalized(first);
        } catch (OrtException fault) {
            throw new IllegalStateException("ONNX Runtime failed on %d tokens".formatted(tokens.length), fault);
        }
    }

    private static float[] normalized(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        double length = Math.sqrt(squares);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
        return vector;
    }

    @Override
    public void close() {
        tokenizer.close();
        try {
            session.close();
        } catch (OrtException fault) {
            throw new IllegalStateException("%s cannot be closed".formatted(NAME), fault);
        }
    }
}
