package dev.guildhall.indexer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.web.bind.annotation.RestController;

@AnalyzeClasses(packages = "dev.guildhall.indexer", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule chunkingKnowsNoOtherFeature = noClasses()
            .that()
            .resideInAPackage("..indexer.chunk")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..indexer.source", "..indexer.embed", "..indexer.store", "..indexer.search", "..indexer.indexing")
            .because("how a file falls apart depends on the file alone");

    @ArchTest
    static final ArchRule onlyChunkingParses = noClasses()
            .that()
            .resideOutsideOfPackage("..indexer.chunk")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.treesitter..")
            .because("native trees must be copied and closed in one place");

    @ArchTest
    static final ArchRule onlySourceReadsGit = noClasses()
            .that()
            .resideOutsideOfPackage("..indexer.source")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.jgit..")
            .because("what is done against hostile repositories is done in one place");

    @ArchTest
    static final ArchRule onlyTheStoreAndTheQueueSpeakSql = noClasses()
            .that()
            .resideOutsideOfPackages("..indexer.store", "..indexer.indexing")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "org.springframework.jdbc..")
            .because("every feature has its own tables, and only these two have any");

    @ArchTest
    static final ArchRule onlyEmbedKnowsTheModelsClient = noClasses()
            .that()
            .resideOutsideOfPackage("..indexer.embed")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.ai..", "com.openai..")
            .because("another client of the same protocol must be a change of one package");

    @ArchTest
    static final ArchRule searchingNeverWrites = noClasses()
            .that()
            .resideInAPackage("..indexer.search")
            .should()
            .dependOnClassesThat()
            .haveSimpleName("CodeIndex")
            .because("a question must not change the index");

    @ArchTest
    static final ArchRule controllersAreHidden = classes()
            .that()
            .areAnnotatedWith(RestController.class)
            .should()
            .bePackagePrivate()
            .because("nobody calls a controller but the web");

    @ArchTest
    static final ArchRule settingsAreRecords = classes()
            .that()
            .areAnnotatedWith(ConfigurationProperties.class)
            .should()
            .beRecords()
            .because("what was configured does not change while the service runs");

    @ArchTest
    static final ArchRule nothingIsInjectedIntoFields =
            noFields().should().beAnnotatedWith(Autowired.class).because("a constructor shows what a class needs");

    @ArchTest
    static final ArchRule nothingIsPrinted =
            NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.because("the log has levels, times and a place");

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses imported) {
        ArchRule rule = classes()
                .that()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith(NullMarked.class)
                .because("an unmarked package is one where null hides");
        rule.check(imported);
    }
}
