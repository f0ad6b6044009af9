using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Storage;

namespace Pneumothorax.Lab.Classroom.Guide;

/// <summary>Where everybody left the guide, so that coming back, on whichever computer, lands there.</summary>
public sealed class ReadingPositions(IDbContextFactory<LabDbContext> contexts, TimeProvider clock)
{
    private const int MostLetters = 200;

    /// <param name="anchor">A section, task or question of the chapter; null for its top.</param>
    public async Task KeepAsync(int? memberId, string slug, string? anchor, CancellationToken cancellationToken = default)
    {
        if (memberId is not { } id) return;
        var place = $"/guide/{slug}" + (string.IsNullOrEmpty(anchor) ? "" : $"#{anchor}");
        if (!InputText.IsLine(place, MostLetters)) return;

        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await db.Members.Where(member => member.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(member => member.Place, place).SetProperty(member => member.SeenAt, now), cancellationToken);
    }

    /// <returns>An address in the guide; null for who has not been there.</returns>
    public async Task<string?> FindAsync(int? memberId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.Members.Where(member => member.Id == memberId).Select(member => member.Place).SingleOrDefaultAsync(cancellationToken);
    }
}
