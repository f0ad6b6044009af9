using System.Security.Cryptography;
using System.Text;

namespace Pneumothorax.Lab.Classroom.Tasks;

/// <summary>Draws the values of one member's task: the same on every visit, others for every member.</summary>
public sealed class Dice(int memberId, string task)
{
    private int _drawn;

    /// <returns>A whole number from 0 to count - 1.</returns>
    public int Below(int count)
    {
        var bits = SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{memberId}/{task}/{_drawn++}")));
        return (int)(BitConverter.ToUInt32(bits) % (uint)count);
    }

    public T One<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <returns>All items in a drawn order.</returns>
    public IReadOnlyList<T> Shuffled<T>(IEnumerable<T> items)
    {
        T[] all = [.. items];
        for (var i = all.Length - 1; i > 0; i--)
        {
            var other = Below(i + 1);
            (all[i], all[other]) = (all[other], all[i]);
        }
        return all;
    }
}
