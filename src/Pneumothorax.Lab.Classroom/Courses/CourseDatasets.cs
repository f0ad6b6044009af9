using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Courses;

/// <summary>Names of data sets that somebody may see.</summary>
/// <param name="Chosen">Those that their course offers; null for all.</param>
/// <param name="OwnRuns">Those that their own runs were made with: what they have done stays readable.</param>
/// <param name="OfRuns">Those of every run that they see, the reference run's among them.</param>
public sealed record DatasetLimits(IReadOnlyList<string>? Chosen, IReadOnlyList<string> OwnRuns, IReadOnlyList<string> OfRuns)
{
    public static DatasetLimits None { get; } = new(null, [], []);

    /// <summary>Whether new runs may use it.</summary>
    public bool Offers(string name) => Chosen?.Contains(name) ?? true;

    /// <summary>Whether it is among theirs: offered, or used by a run of their own.</summary>
    public bool Lists(string name) => Offers(name) || OwnRuns.Contains(name);

    /// <summary>Whether its images may be shown to them.</summary>
    public bool Opens(string name) => Lists(name) || OfRuns.Contains(name);
}

/// <summary>Which data sets a student's course leaves them. Whoever teaches sees all.</summary>
/// <remarks>Each picture of a page asks. What this portal changes holds from the next question on; what another portal changes, seconds later.</remarks>
public sealed class CourseDatasets(IDbContextFactory<LabDbContext> contexts, AccessChanges changes) : IDisposable
{
    private const int MostMembers = 10_000;
    private static readonly TimeSpan s_life = TimeSpan.FromSeconds(3);

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = MostMembers });

    public async Task<DatasetLimits> OfAsync(Viewer viewer, CancellationToken cancellationToken = default)
    {
        if (viewer.IsStaff) return DatasetLimits.None;

        var (version, member) = (changes.Version, viewer.MemberId ?? 0);
        if (_known.TryGetValue(member, out (long Version, DatasetLimits Limits) known) && known.Version == version) return known.Limits;

        var limits = await ReadAsync(viewer, cancellationToken);
        _known.Set(member, (version, limits), new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = s_life });
        return limits;
    }

    public void Dispose() => _known.Dispose();

    private async Task<DatasetLimits> ReadAsync(Viewer viewer, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        if (await db.CourseOfAsync(viewer.MemberId, cancellationToken) is not { Datasets: { } chosen }) return DatasetLimits.None;
        var used = await db.Runs.ReadableBy(viewer, db).Select(run => new { run.Dataset, IsOwn = run.OwnerId == viewer.MemberId }).Distinct().ToListAsync(cancellationToken);
        return new(chosen, [.. used.Where(run => run.IsOwn).Select(run => run.Dataset)], [.. used.Select(run => run.Dataset).Distinct()]);
    }
}
