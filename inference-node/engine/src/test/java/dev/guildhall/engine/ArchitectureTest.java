package dev.guildhall.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;

@AnalyzeClasses(packages = "dev.guildhall.engine", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule USABLE_ALONE = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "org.slf4j..", "java.util.logging..", "org.apache.logging..")
            .because("the engine is a plain library: configuration and logging are its users' business");

    @ArchTest
    static final ArchRule KERNELS_KNOW_TENSORS_ONLY = noClasses()
            .that()
            .resideInAPackage("..engine.kernel..")
            .should()
            .dependOnClassesThat(DescribedPredicate.and(
                    resideInAPackage("dev.guildhall.."),
                    DescribedPredicate.not(resideInAnyPackage("..engine.kernel..", "..engine.tensor.."))))
            .because("a kernel is arithmetic: it must be readable and testable without a model");

    @ArchTest
    static final ArchRule TENSORS_KNOW_NOTHING = noClasses()
            .that()
            .resideInAPackage("..engine.tensor..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..engine.kernel..", "..engine.format..", "..engine.cache..", "..engine.model..")
            .because("everything else stands on tensors");

    @ArchTest
    static final ArchRule FORMATS_DO_NOT_COMPUTE = noClasses()
            .that()
            .resideInAPackage("..engine.format..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..engine.kernel..", "..engine.model..", "..engine.cache..")
            .because("reading a file must not depend on what is done with it");

    @ArchTest
    static final ArchRule MODELS_DO_NOT_KNOW_TEXT = noClasses()
            .that()
            .resideInAnyPackage("..engine.model..", "..engine.cache..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..engine.tokenizer..", "..engine.generation..")
            .because("a decoder takes token ids: generation → model → kernel → tensor is the only direction");

    @ArchTest
    static final ArchRule VECTOR_API_STAYS_IN_THE_KERNELS = noClasses()
            .that()
            .resideOutsideOfPackage("..engine.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jdk.incubator.vector..")
            .because("the rest must compile and run without the incubating module");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.guildhall.engine.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule NO_STANDARD_OUTPUT = noClasses()
            .that()
            .resideOutsideOfPackage("..engine.benchmark..")
            .and()
            .doNotHaveFullyQualifiedName("dev.guildhall.engine.EngineCommand")
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
            .because("only the benchmark and the command, programs of their own, print");

    @ArchTest
    static final ArchRule KERNELS_ARE_CHOSEN_IN_ONE_PLACE = classes()
            .that()
            .haveFullyQualifiedName("dev.guildhall.engine.kernel.VectorKernels")
            .or()
            .haveFullyQualifiedName("dev.guildhall.engine.kernel.ScalarKernels")
            .should()
            .onlyBeAccessed()
            .byAnyPackage("..engine.kernel..", "..engine.model..")
            .because("everyone else names a Backend");
}
