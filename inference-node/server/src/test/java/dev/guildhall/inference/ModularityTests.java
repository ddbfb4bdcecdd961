package dev.guildhall.inference;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RestController;

/** What of the node may know what. */
class ModularityTests {

    private static final String ROOT = "dev.guildhall.inference";

    private static final JavaClasses NODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void featuresUseOnlyEachOthersApis() {
        ApplicationModules.of(InferenceNodeApplication.class).verify();
    }

    @Test
    void featuresFormNoCycles() {
        check(slices().matching(ROOT + ".(*)..")
                .should()
                .beFreeOfCycles()
                .because("a cycle makes of two features one that nobody can read alone"));
    }

    @Test
    void nodeKnowsNoOtherService() {
        check(noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("dev.guildhall..")
                        .and(not(resideInAPackage(ROOT + "..")))
                        .and(not(resideInAPackage("dev.guildhall.engine..")))
                        .and(not(resideInAPackage("dev.guildhall.contract.."))))
                .because("services share only the contract"));
    }

    @Test
    void nativeLibrariesStayInTheEmbedder() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".embedding..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.onnxruntime..", "ai.djl..")
                .because("another embedding model must be able to take their place"));
    }

    @Test
    void catalogueRunsWithoutASpringContext() {
        check(noClasses()
                .that()
                .resideInAPackage(ROOT + ".catalogue..")
                .and()
                .haveSimpleNameNotEndingWith("Configuration")
                .and()
                .haveSimpleNameNotEndingWith("Settings")
                .should()
                .dependOnClassesThat(resideInAPackage("org.springframework..")
                        .and(not(resideInAPackage("org.springframework.util.unit"))))
                .because("the model command must start in a fraction of a second"));
    }

    @Test
    void controllersArePackagePrivate() {
        check(classes()
                .that()
                .areAnnotatedWith(RestController.class)
                .or()
                .areAnnotatedWith(Controller.class)
                .should()
                .bePackagePrivate()
                .because("they are reached over HTTP only"));
    }

    @Test
    void dependenciesComeThroughConstructors() {
        check(noFields()
                .should()
                .beAnnotatedWith(Autowired.class)
                .because("a class shows what it needs where it is made"));
    }

    @Test
    void standardOutputBelongsToTheCommand() {
        check(noClasses()
                .that()
                .haveSimpleNameNotEndingWith("Command")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .because("a service logs"));
    }

    @Test
    void exceptionsSayWhatWentWrong() {
        check(NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.because("a caller cannot tell generic ones apart"));
        check(NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.because("logging goes through SLF4J"));
    }

    @Test
    void everyPackageSaysWhatItOwns() throws IOException {
        Path sources = Path.of("src/main/java");
        try (var directories = Files.walk(sources)) {
            List<Path> withClasses = directories
                    .filter(path -> path.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .toList();
            assertThat(withClasses).isNotEmpty();
            for (Path directory : withClasses) {
                assertThat(directory.resolve("package-info.java"))
                        .content()
                        .contains("@NullMarked")
                        .startsWith("/**");
            }
        }
    }

    private void check(ArchRule rule) {
        rule.check(NODE);
    }
}
