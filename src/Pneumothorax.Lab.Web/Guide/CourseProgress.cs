using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Coursework;
using Pneumothorax.Lab.Web.Classroom;

namespace Pneumothorax.Lab.Web.Guide;

/// <summary>What the reader has solved. One a page (circuit): rail and tasks show the same.</summary>
public sealed class CourseProgress : IDisposable
{
    private readonly AttemptStore _attempts;
    private readonly ViewerAccessor _viewers;
    private readonly CourseworkChanges _changes;
    private int? _memberId;

    public CourseProgress(AttemptStore attempts, ViewerAccessor viewers, CourseworkChanges changes)
    {
        (_attempts, _viewers, _changes) = (attempts, viewers, changes);
        _changes.Changed += Reload;
    }

    /// <summary>Raised on any thread once new standings are read.</summary>
    public event Action? Changed;

    /// <summary>By task name; a task that was never tried is absent.</summary>
    public IReadOnlyDictionary<string, TaskStanding> Standings { get; private set; } = new Dictionary<string, TaskStanding>();

    public bool IsDone(CourseItem item) => Standings.GetValueOrDefault(item.Name)?.IsSolved == true;

    /// <summary>Reads it once; later calls return at once.</summary>
    public async Task EnsureLoadedAsync()
    {
        if (_memberId is not null || (await _viewers.GetAsync()).MemberId is not { } memberId) return;
        _memberId = memberId;
        await ReadAsync(memberId);
    }

    public void Dispose() => _changes.Changed -= Reload;

    private void Reload(int memberId)
    {
        if (memberId == _memberId) _ = ReloadAsync(memberId);
    }

    private async Task ReloadAsync(int memberId)
    {
        await ReadAsync(memberId);
        Changed?.Invoke();
    }

    private async Task ReadAsync(int memberId)
    {
        Standings = await _attempts.StandingsAsync(memberId);
    }
}
