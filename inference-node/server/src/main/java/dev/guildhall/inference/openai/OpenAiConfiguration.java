package dev.guildhall.inference.openai;

import dev.guildhall.engine.generation.LanguageModel;
import dev.guildhall.engine.generation.LoadOptions;
import dev.guildhall.inference.InferenceSettings;
import dev.guildhall.inference.catalogue.ModelFiles;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OpenAiConfiguration {

    private static final Logger log = LoggerFactory.getLogger(OpenAiConfiguration.class);

    @Bean
    ServedModel languageModel(InferenceSettings node, EngineSettings engine, ModelFiles files) {
        return new ServedModel(servedName(node.model()), () -> load(node, engine, files), engine.warmUpTokens());
    }

    @Bean
    AnswerMeters answerMeters(MeterRegistry registry, ServedModel served) {
        return new AnswerMeters(registry, served);
    }

    /** The name of the catalogue; of a path, the file's name without its ending. */
    static String servedName(String model) {
        String file = model.substring(model.lastIndexOf('/') + 1);
        return file.endsWith(".gguf") ? file.substring(0, file.length() - ".gguf".length()) : file;
    }

    private static LanguageModel load(InferenceSettings node, EngineSettings engine, ModelFiles files)
            throws IOException {
        LanguageModel model = LanguageModel.load(
                files.require(node.model()),
                new LoadOptions(
                        engine.backend(),
                        engine.threadsOrAll(),
                        node.contextTokens(),
                        engine.sequencesMax(),
                        engine.waitingMax(),
                        engine.cachedTokensMax(),
                        engine.cacheType(),
                        engine.ropeFactors()));
        if (model.contextTokens() < node.contextTokens()) {
            log.warn(
                    "{} was trained for {} tokens: the context is that, not {}",
                    node.model(),
                    model.contextTokens(),
                    node.contextTokens());
        }
        return model;
    }
}
