package dev.guildhall.inference.catalogue;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The catalogue and the models directory as beans. */
@Configuration(proxyBeanMethods = false)
class CatalogueConfiguration {

    @Bean
    Catalogue catalogue() {
        return Catalogue.load();
    }

    @Bean
    ModelFiles modelFiles(Catalogue catalogue, ModelsSettings settings) {
        return new ModelFiles(catalogue, settings.directory());
    }
}
