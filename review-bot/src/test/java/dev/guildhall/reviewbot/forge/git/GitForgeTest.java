package dev.guildhall.reviewbot.forge.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildhall.contract.Revision;
import dev.guildhall.reviewbot.forge.DiffLimits;
import dev.guildhall.reviewbot.forge.Forge;
import dev.guildhall.reviewbot.forge.ForgeContract;
import dev.guildhall.reviewbot.testing.SourceRepository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jgit.util.FileUtils;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class GitForgeTest extends ForgeContract {

    @Override
    protected Forge forge(Path state) {
        return new GitForge(state.resolve("mirrors"), Duration.ofSeconds(10), 400);
    }

    @Test
    void damagedMirrorIsMadeAfresh() throws Exception {
        try (SourceRepository source = SourceRepository.at(directory.resolve("healed.git"))) {
            Revision base = source.commitOn().file("a.txt", "1\n").to("main");
            Revision head = source.commitOn(base).file("a.txt", "2\n").to("feature");
            DiffLimits limits = new DiffLimits(10, 10, DataSize.ofMegabytes(1), DataSize.ofMegabytes(1), 3);
            Forge forge = forge(directory.resolve("state"));
            forge.fetch(source.described(), base, head, limits).close();
            Path mirror = directory
                    .resolve("state/mirrors")
                    .resolve(source.described().id() + ".git");
            Files.writeString(mirror.resolve("refs/heads/feature.lock"), "");
            Revision next = source.commitOn(head).file("a.txt", "3\n").to("feature");

            try (Forge.Checkout checkout = forge.fetch(source.described(), base, next, limits)) {
                assertThat(checkout.diff().files()).hasSize(1);
            }

            FileUtils.delete(mirror.resolve("objects").toFile(), FileUtils.RECURSIVE);
            try (Forge.Checkout checkout = forge.fetch(source.described(), base, next, limits)) {
                assertThat(checkout.diff().files()).hasSize(1);
            }
        }
    }
}
