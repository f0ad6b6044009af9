using System.Globalization;

namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>Tasks about the question that the network is to answer.</summary>
public static class ProblemTasks
{
    private static readonly CultureInfo s_plain = CultureInfo.InvariantCulture;

    /// <summary>What a detector is for: it changes the order in which images are read.</summary>
    public static FreeTask SortedQueue { get; } = new("sorted-queue", "What a sorted queue saves", dice =>
    {
        // Multiples of 20, so that 5 in 100 is a whole number.
        var (images, minutes) = (20 * (6 + dice.Below(15)), 2 + dice.Below(4));
        var urgent = images / 20;
        double unsorted = images * minutes / 2.0, sorted = urgent * minutes / 2.0;
        return new()
        {
            About = string.Create(s_plain, $"{images} images, {minutes} minutes each"),
            Ask = string.Create(s_plain, $"<p>{images} X-rays wait to be read, one after the other, {minutes} minutes each. 5 in 100 show a pneumothorax. How many images is that? About how many minutes does such an image wait on average when the order is random, and how many when a perfect program puts all of them first?</p>"),
            Fields = [new("Images with a pneumothorax"), new("Minutes, random order"), new("Minutes, sorted")],
            Check = typed => (Typed.Whole(typed[0]), Typed.Number(typed[1]), Typed.Number(typed[2])) switch
            {
                (null, _, _) => Verdict.Miss("The first answer is a whole number of images."),
                (_, null, _) or (_, _, null) => Verdict.Miss("The second and third answers are numbers of minutes."),
                var (count, _, _) when count != urgent => Verdict.Miss(string.Create(s_plain, $"5 in 100 of {images}: divide {images} by 100 and multiply by 5.")),
                var (_, random, first) when IsAbout(random.Value, unsorted, minutes) && IsAbout(first.Value, sorted, minutes) => Verdict.Right,
                var (_, random, _) when IsAbout(random.Value, 2 * unsorted, minutes) => Verdict.Miss("That is how long the last image waits. On average an image is in the middle of the queue."),
                var (_, random, first) when IsAbout(random.Value, unsorted, minutes) => Verdict.Miss(IsAbout(first.Value, 2 * sorted, minutes)
                    ? "Random order is right. For the sorted queue, that is how long the last of them waits; on average each is in the middle."
                    : "Random order is right. In the sorted queue, only the other images with a pneumothorax come before one."),
                _ => Verdict.Miss("On average an image is in the middle: half of the queue is read before it."),
            },
            Hint = "On average, half of the queue is read before an image. In the sorted queue, count only the images with a pneumothorax.",
            Answer = string.Create(s_plain, $"{urgent} images; about {unsorted:0.#} minutes in random order, about {sorted:0.#} when sorted."),
            Explanation = string.Create(s_plain, $"<p>{images} × 5 / 100 = {urgent}. In random order about half of the {images} images come first: {images} / 2 × {minutes} = {unsorted:0.#} minutes. When sorted, about half of the {urgent}: {urgent} / 2 × {minutes} = {sorted:0.#} minutes. No real program sorts perfectly. The later chapters measure how close a program comes.</p>"),
        };
    });

    // One image more or less: whether one counts its own reading or not, and where the middle is.
    private static bool IsAbout(double typed, double right, int minutes) => Math.Abs(typed - right) <= Math.Max(minutes, 0.01 * right);
}
