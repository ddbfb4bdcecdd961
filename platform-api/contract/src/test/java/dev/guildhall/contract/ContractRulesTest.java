package dev.guildhall.contract;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.guildhall.contract.event.GuildhallEvent;

@AnalyzeClasses(packagesOf = CommitId.class, importOptions = ImportOption.DoNotIncludeTests.class)
class ContractRulesTest {

    @ArchTest
    static final ArchRule PLAIN_JAVA = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "dev.guildhall.contract..",
                    "java..",
                    "org.jspecify.annotations..",
                    "com.fasterxml.jackson.annotation..",
                    "org.springframework.web.bind.annotation..",
                    "org.springframework.web.service.annotation..")
            .because("every service reads the contract, so it brings annotations and nothing that runs");

    @ArchTest
    static final ArchRule NO_SPRING_BOOT = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.boot..", "org.springframework.context..")
            .because("the contract is words, not a service");

    @ArchTest
    static final ArchRule EVENTS_ARE_RECORDS = classes()
            .that()
            .implement(GuildhallEvent.class)
            .should()
            .beRecords()
            .because("a fact does not change");
}
