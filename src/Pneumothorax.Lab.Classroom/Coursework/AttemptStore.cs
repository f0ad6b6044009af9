using Microsoft.EntityFrameworkCore;
using Pneumothorax.Lab.Experiments;
using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Feed;
using Pneumothorax.Lab.Storage;
using Pneumothorax.Lab.Storage.Entities;

namespace Pneumothorax.Lab.Classroom.Coursework;

/// <summary>Every try at every task.</summary>
public sealed class AttemptStore(IDbContextFactory<LabDbContext> contexts, CourseworkNotifier changes, TimeProvider clock)
{
    /// <summary>Keeps a try and says where the member stands now.</summary>
    /// <param name="about">What the question was put about.</param>
    public async Task<TaskStanding> AddAsync(
        int memberId, string task, string answer, string about, bool isCorrect, CancellationToken cancellationToken = default)
    {
        if (InputText.Fault(answer) is { } fault) throw new RequestRefusedException($"The answer {fault}");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        db.TaskAttempts.Add(new()
        {
            MemberId = memberId,
            Task = task,
            Answer = InputText.Cut(answer, TaskAttempt.AnswerLength),
            About = about,
            IsCorrect = isCorrect,
            At = clock.GetUtcNow(),
        });
        await db.SaveChangesAsync(cancellationToken);
        changes.Publish(memberId);
        return TaskStanding.Of(await db.TaskAttempts.AsNoTracking()
            .Where(attempt => attempt.MemberId == memberId && attempt.Task == task)
            .OrderBy(attempt => attempt.Id).ToListAsync(cancellationToken));
    }

    /// <returns>All of one member, oldest first.</returns>
    public async Task<IReadOnlyList<TaskAttempt>> ListAsync(int memberId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        return await db.TaskAttempts.AsNoTracking().Where(attempt => attempt.MemberId == memberId).OrderBy(attempt => attempt.Id).ToListAsync(cancellationToken);
    }

    /// <returns>By task name; tasks that were never tried are absent.</returns>
    public async Task<IReadOnlyDictionary<string, TaskStanding>> StandingsAsync(int memberId, CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var attempts = await db.TaskAttempts.AsNoTracking().Where(attempt => attempt.MemberId == memberId)
            .OrderBy(attempt => attempt.Id).ToListAsync(cancellationToken);
        return Standings(attempts);
    }

    /// <returns>Of the whole class: by member, then by task name.</returns>
    public async Task<IReadOnlyDictionary<int, IReadOnlyDictionary<string, TaskStanding>>> ClassAsync(CancellationToken cancellationToken = default)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var attempts = await db.TaskAttempts.AsNoTracking().OrderBy(attempt => attempt.Id).ToListAsync(cancellationToken);
        return attempts.GroupBy(attempt => attempt.MemberId).ToDictionary(member => member.Key, member => (IReadOnlyDictionary<string, TaskStanding>)Standings(member));
    }

    private static Dictionary<string, TaskStanding> Standings(IEnumerable<TaskAttempt> attempts) =>
        attempts.GroupBy(attempt => attempt.Task).ToDictionary(task => task.Key, task => TaskStanding.Of([.. task]));
}
