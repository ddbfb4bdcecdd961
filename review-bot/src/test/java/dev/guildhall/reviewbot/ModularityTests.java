package dev.guildhall.reviewbot;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.modulith.docs.Documenter;

class ModularityTests {

    private static final String BASE = "dev.guildhall.reviewbot";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(BASE);

    private final ApplicationModules modules = ApplicationModules.of(ReviewBotApplication.class);

    @Test
    void featuresUseOnlyWhatOthersOffer() {
        modules.verify();
    }

    @Test
    void diagramsAreDrawn() {
        new Documenter(modules).writeModulesAsPlantUml().writeIndividualModulesAsPlantUml();
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(BASE + ".(**)")
                .should()
                .beFreeOfCycles()
                .because("whoever reads a package must not have to read all of them")
                .check(CLASSES);
    }

    @Test
    void theChangeUnderReviewIsPlainData() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".pullrequest")
                .should()
                .dependOnClassesThat(resideInAPackage("org.springframework..")
                        .or(resideInAPackage("org.eclipse.jgit.."))
                        .or(resideInAPackage("java.sql..")))
                .because("every reviewer reads it, and tests make it by hand")
                .check(CLASSES);
    }

    @Test
    void onlyTheGitForgeKnowsGit() {
        noClasses()
                .that()
                .resideOutsideOfPackage(BASE + ".forge.git")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.eclipse.jgit..")
                .because("a forge with an interface of its own takes the place of plain git")
                .check(CLASSES);
    }

    @Test
    void onlyTheModelReviewerKnowsModels() {
        noClasses()
                .that()
                .resideOutsideOfPackages(BASE + ".reviewer.model", BASE + ".access")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework.ai..", "com.openai..")
                .because("a review without a model must stay possible")
                .check(CLASSES);
    }

    @Test
    void reviewersDoNotKnowEachOther() {
        slices().matching(BASE + ".reviewer.(*)..")
                .should()
                .notDependOnEachOther()
                .because("they work side by side and their words are merged afterwards")
                .check(CLASSES);
    }

    @Test
    void reviewersReachNothingThatWrites() {
        noClasses()
                .that()
                .resideInAPackage(BASE + ".reviewer..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..", "org.springframework.jdbc..", "org.springframework.kafka..", "java.net.http..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.ProcessBuilder")
                .because("they read what strangers wrote: nothing that writes may be in reach")
                .check(CLASSES);
    }

    @Test
    void databaseIsReachedFromTwoPlaces() {
        noClasses()
                .that()
                .resideOutsideOfPackages(BASE + ".review", BASE + ".publish")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.jdbc..")
                .because("a review's state and its outcome change in one transaction")
                .check(CLASSES);
    }

    @Test
    void configurationsStayInsideTheirPackage() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Configuration")
                .should()
                .bePackagePrivate()
                .because("a feature offers its beans, not how they are made")
                .check(CLASSES);
    }

    @Test
    void nothingPrintsOrThrowsNamelessErrors() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS
                .because("logs go through the logger")
                .check(CLASSES);
        GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS
                .because("whoever catches must see what happened")
                .check(CLASSES);
        GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION
                .because("what a class needs stands in its constructor")
                .check(CLASSES);
    }
}
