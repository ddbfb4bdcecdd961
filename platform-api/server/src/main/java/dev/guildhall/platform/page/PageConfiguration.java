package dev.guildhall.platform.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.util.DigestUtils;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.resource.PathResourceResolver;

/** Serves the web-ui's files out of its jar. */
@Configuration(proxyBeanMethods = false)
class PageConfiguration implements WebMvcConfigurer {

    private static final String FILES = "classpath:/META-INF/resources/";
    private static final String FRONT_PAGE = "index.html";

    /** What the address of something other than a page begins with: there, what is missing is missing. */
    private static final Set<String> NOT_PAGES =
            Set.of("api", "webhooks", "actuator", "oauth2", "login", "logout", "assets", "error");

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        // Names hold a hash of the content: what was fetched once never changes.
        registry.addResourceHandler("/assets/**")
                .addResourceLocations(FILES + "assets/")
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
        registry.addResourceHandler("/**")
                .addResourceLocations(FILES)
                .setCacheControl(CacheControl.noCache())
                // By content: the build gives every file the same time, so a new version would look like the old one.
                .setUseLastModified(false)
                .setEtagGenerator(PageConfiguration::contentTag)
                // Nothing is remembered by address: there is no end of addresses.
                .resourceChain(false)
                .addResolver(new Pages());
    }

    private static String contentTag(Resource file) {
        try {
            return DigestUtils.md5DigestAsHex(file.getContentAsByteArray());
        } catch (IOException exception) {
            throw new UncheckedIOException(exception);
        }
    }

    /** Answers the addresses of the pages, which only the browser knows, with the front page. */
    private static final class Pages extends PathResourceResolver {

        @Override
        protected @Nullable Resource getResource(String path, Resource location) throws IOException {
            Resource file = super.getResource(path, location);
            if (file != null || isFile(path) || NOT_PAGES.contains(path.split("/", 2)[0])) {
                return file;
            }
            return super.getResource(FRONT_PAGE, location);
        }

        private static boolean isFile(String path) {
            return path.substring(path.lastIndexOf('/') + 1).contains(".");
        }
    }
}
