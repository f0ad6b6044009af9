using Pneumothorax.Lab.Runs;
using Pneumothorax.Lab.Runs.Coursework;
using Pneumothorax.Lab.Web.Guide;

namespace Pneumothorax.Lab.Web.Classroom;

/// <summary>Puts together what the class has done, for its instructor.</summary>
public sealed class ClassReader(
    Members members, AttemptStore attempts, AnswerStore answers, PinStore pins, RunStore runs, ChapterLibrary library, TimeProvider clock)
{
    /// <param name="by">The instructor: whoever else asks gets an empty class.</param>
    /// <param name="scope">Whose work; null for everybody's.</param>
    public async Task<ClassWork> ReadAsync(Viewer by, ClassScope? scope = null, CancellationToken cancellationToken = default)
    {
        if (!by.IsInstructor) return new(library.Chapters, [], clock.GetLocalNow());

        scope ??= ClassScope.Everybody;
        var standings = await attempts.ClassAsync(cancellationToken);
        var texts = (await answers.ListAsync(null, cancellationToken)).ToLookup(answer => answer.MemberId);
        var comments = (await answers.CommentsAsync(null, cancellationToken)).ToLookup(comment => comment.MemberId);
        var kept = (await pins.ListAsync(null, cancellationToken)).ToLookup(pin => pin.MemberId);
        var made = (await runs.ListAsync(by, cancellationToken)).ToLookup(run => run.OwnerId);
        return new(library.Chapters, [.. (await members.StudentsAsync(cancellationToken)).Where(scope.Holds).Select(Of)], clock.GetLocalNow()) { Scope = scope };

        StudentWork Of(Member student) => new(
            student,
            standings.GetValueOrDefault(student.Id) ?? new Dictionary<string, TaskStanding>(),
            texts[student.Id].ToDictionary(answer => answer.Question),
            comments[student.Id].ToLookup(comment => comment.Question),
            kept[student.Id].ToLookup(pin => pin.Question ?? ""),
            [.. made[student.Id]]);
    }
}
