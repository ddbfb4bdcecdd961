package dev.guildhall.indexer;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;

class ModularityTests {

    private static final ApplicationModules MODULES = ApplicationModules.of(IndexerApplication.class);

    @Test
    void featuresUseNoneOfEachOthersInsidesAndFormNoCycle() {
        MODULES.verify();
    }

    @Test
    void pictureOfTheFeaturesIsDrawn() {
        new Documenter(MODULES).writeModulesAsPlantUml();
    }
}
