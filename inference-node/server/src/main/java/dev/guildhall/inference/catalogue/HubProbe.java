package dev.guildhall.inference.catalogue;

import dev.guildhall.inference.catalogue.CatalogueModel.ModelFile;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Whether a model can be had here: asks a hub, where nothing else has it. */
final class HubProbe {

    private final ModelFiles files;
    private final ModelsSettings settings;

    HubProbe(ModelFiles files, ModelsSettings settings) {
        this.files = files;
        this.settings = settings;
    }

    /** True as well for a file that is here, and for one that other sources than a hub have. */
    boolean isObtainable(CatalogueModel model) throws InterruptedException {
        ModelFile file = model.file();
        if (file == null || files.state(model) == ModelFiles.State.PRESENT) {
            return true;
        }
        for (ModelSource source : file.sources()) {
            if (!(source instanceof ModelSource.Hub hub) || answers(hub, file)) {
                return true;
            }
        }
        return false;
    }

    private boolean answers(ModelSource.Hub hub, ModelFile file) throws InterruptedException {
        Duration timeout = settings.connectTimeout();
        HttpRequest request = HttpRequest.newBuilder(hub.address(settings.hub(), file.name()))
                .HEAD()
                .timeout(timeout)
                .build();
        try (HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(timeout)
                .build()) {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException unreachable) {
            return false;
        }
    }
}
