package dev.guildhall.platform;

import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;

class ModularityTests {

    private final ApplicationModules modules = ApplicationModules.of(PlatformApplication.class);

    @Test
    void featuresUseEachOthersPublicTypesOnlyAndNeverInACircle() {
        modules.verify();
    }

    @Test
    void diagramsAreWritten() {
        new Documenter(modules).writeModulesAsPlantUml().writeIndividualModulesAsPlantUml();
    }
}
