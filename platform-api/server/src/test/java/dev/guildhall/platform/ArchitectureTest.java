package dev.guildhall.platform;

import static com.tngtech.archunit.lang.conditions.ArchConditions.beAnnotatedWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.NullMarked;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.web.bind.annotation.RestController;

@AnalyzeClasses(packagesOf = PlatformApplication.class, importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule PACKAGES_ARE_NULL_MARKED = classes()
            .that()
            .haveSimpleName("package-info")
            .should(beAnnotatedWith(NullMarked.class))
            .because("a null is then always written down, and NullAway checks it");

    @ArchTest
    static final ArchRule CONTROLLERS_ARE_HIDDEN = classes()
            .that()
            .areAnnotatedWith(RestController.class)
            .should()
            .notBePublic()
            .because("nothing but Spring calls a controller");

    @ArchTest
    static final ArchRule SETTINGS_STAY_BESIDE_THEIR_USER = classes()
            .that()
            .areAnnotatedWith(ConfigurationProperties.class)
            .should()
            .beRecords()
            .andShould()
            .notBePublic()
            .because("what a feature can be told is its own matter, and does not change while it runs");

    @ArchTest
    static final ArchRule WEB_TYPES_STAY_IN_WEB = noClasses()
            .that()
            .resideOutsideOfPackage("..web..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.guildhall.platform..web..")
            .because("what goes over the wire may change without the domain noticing");

    @ArchTest
    static final ArchRule CONTROLLERS_DO_NOT_QUERY = noClasses()
            .that()
            .areAnnotatedWith(RestController.class)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(JdbcClient.class)
            .because("each table has one class that knows its SQL");

    @ArchTest
    static final ArchRule PROBLEMS_KNOW_NO_FEATURE = noClasses()
            .that()
            .resideInAPackage("..problem..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.guildhall.platform.access..",
                    "dev.guildhall.platform.messaging..",
                    "dev.guildhall.platform.part..",
                    "dev.guildhall.platform.repository..",
                    "dev.guildhall.platform.review..",
                    "dev.guildhall.platform.search..",
                    "dev.guildhall.platform.webhook..")
            .because("every feature may fail, so what says how must not need one");

    @ArchTest
    static final ArchRule KAFKA_STAYS_AT_THE_EDGE = noClasses()
            .that()
            .resideOutsideOfPackage("..messaging..")
            .and()
            .haveSimpleNameNotEndingWith("Listener")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "org.springframework.kafka..")
            .because("an event is published by EventPublisher, which waits for its acknowledgement");

    @ArchTest
    static final ArchRule LISTENERS_TAKE_RECORDS = methods()
            .that()
            .areAnnotatedWith(KafkaListener.class)
            .should()
            .haveRawParameterTypes(ConsumerRecord.class)
            .because("EventReader alone decides which class a record becomes");

    @ArchTest
    static final ArchRule NO_FIELD_INJECTION =
            fields().should().notBeAnnotatedWith(Autowired.class).because("a constructor says what a class needs");

    @ArchTest
    static final ArchRule BEANS_ARE_MADE_IN_HIDDEN_CONFIGURATIONS = methods()
            .that()
            .areAnnotatedWith(Bean.class)
            .should()
            .beDeclaredInClassesThat()
            .areNotPublic()
            .because("how a feature is wired is its own matter");

    @ArchTest
    static final ArchRule NO_STANDARD_STREAMS = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.because("a service logs");

    @ArchTest
    static final ArchRule NO_GENERIC_EXCEPTIONS =
            NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS.because("a caller must be able to tell problems apart");
}
