using static System.FormattableString;
using static Pneumothorax.Lab.Classroom.Tests.Tasks.TaskSheets;

namespace Pneumothorax.Lab.Classroom.Tests.Tasks;

public sealed class ProblemTasksTests
{
    [Fact]
    public void SortedQueue_TakesHalfOfEachQueue()
    {
        var sheets = Of("sorted-queue");
        List<string[]> answers = [];
        foreach (var sheet in sheets)
        {
            var (images, minutes) = NumbersIn(sheet.About) is [var first, var second] ? (first, second) : default;
            string[] right = [Invariant($"{images / 20}"), Invariant($"{images * minutes / 2}"), Invariant($"{images / 20 * minutes / 2}")];
            answers.Add(right);

            Assert.True(sheet.Accepts(right));
            // The last image's wait is not the average, and the two are not exchanged.
            Assert.False(sheet.Accepts(right[0], Invariant($"{images * minutes}"), right[2]));
            Assert.False(sheet.Accepts(right[0], right[2], right[1]));
            Assert.False(sheet.Accepts(Invariant($"{images * 0.5}"), right[1], right[2]));
        }
        DifferByStudent(sheets, answers);
    }
}
