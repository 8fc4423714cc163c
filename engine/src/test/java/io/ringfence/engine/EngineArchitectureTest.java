package io.ringfence.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the engine's packages, and what no stage may look at. */
@AnalyzeClasses(packages = "io.ringfence.engine", importOptions = ImportOption.DoNotIncludeTests.class)
@ArchTag("once")
class EngineArchitectureTest {
    @ArchTest
    static final ArchRule ownersShouldNotKnowThePipeline = noClasses()
            .that()
            .resideInAnyPackage(
                    "..engine.kernel..",
                    "..engine.policy..",
                    "..engine.proof..",
                    "..engine.snapshot..",
                    "..engine.regime..",
                    "..engine.bandit..",
                    "..engine.selection..",
                    "..engine.control..",
                    "..engine.budget..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..engine.pipeline..");

    @ArchTest
    static final ArchRule kernelShouldKnowPolicyAndSchemasOnly = classes()
            .that()
            .resideInAPackage("..engine.kernel..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.ringfence.engine.kernel..", "io.ringfence.engine.policy..", "io.ringfence.schemas..", "java..");

    @ArchTest
    static final ArchRule engineShouldKnowNoEdge = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.ringfence.journal..", "io.ringfence.gateway..", "io.ringfence.tools..", "io.ringfence.perf..");

    @ArchTest
    static final ArchRule engineShouldReadNoClock = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.time..")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule engineShouldDrawNoHiddenNumbers = noClasses()
            .should()
            .dependOnClassesThat(aSourceOfRandomness())
            .orShould()
            .callMethod(Math.class, "random");

    private static DescribedPredicate<JavaClass> aSourceOfRandomness() {
        return DescribedPredicate.describe(
                "are a source of randomness",
                type -> type.getPackageName().startsWith("java.util.random")
                        || type.isAssignableTo("java.util.Random")
                        || type.getName().equals("java.util.SplittableRandom"));
    }
}
