package dev.guildhall.reviewbot.forge.git;

import dev.guildhall.reviewbot.forge.Forge;
import java.nio.file.Path;
import org.eclipse.jgit.util.SystemReader;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GitSettings.class)
class GitConfiguration {

    @Bean
    Forge gitForge(@Value("${guildhall.state-directory}") Path stateDirectory, GitSettings settings) {
        if (!(SystemReader.getInstance() instanceof IsolatedSystemReader)) {
            SystemReader.setInstance(new IsolatedSystemReader(SystemReader.getInstance()));
        }
        return new GitForge(stateDirectory.resolve("mirrors"), settings.timeout(), settings.renameCandidatesMax());
    }
}
