package dev.guildhall.reviewbot.publish;

import dev.guildhall.contract.CommitId;
import dev.guildhall.contract.review.FilePatch;
import dev.guildhall.contract.review.ReviewFiles;
import dev.guildhall.contract.review.ReviewKey;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

@RestController
class ReviewFilesController implements ReviewFiles {

    private final Patches patches;

    ReviewFilesController(Patches patches) {
        this.patches = patches;
    }

    @Override
    public FilePatch patch(UUID repositoryId, int number, String head, int index) {
        CommitId commit;
        try {
            commit = new CommitId(head);
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, e.getMessage(), e);
        }
        return patches.find(new ReviewKey(repositoryId, number, commit), index)
                .orElseThrow(() -> new ResponseStatusException(
                        HttpStatus.NOT_FOUND,
                        "no file %d in the review of pull request %d of repository %s at %s"
                                .formatted(index, number, repositoryId, commit)));
    }
}
